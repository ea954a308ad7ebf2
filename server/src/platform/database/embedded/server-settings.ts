/** What a server start depends on. */
export interface ServerSettings {
  /** The folder that PostgreSQL calls its data directory. */
  data: string;
  socketFolder: string;
  /** Shown in the process list, so that a person and `up` see whose server it is. */
  dataDir: string;
}

/** The port names the socket file only: the server has no network address. */
export const PORT = 5432;
export const ROLE = "causeway";
export const DATABASE = "causeway";

/**
 * A server for one machine: every commit on disk, little memory at rest, no helper processes that one machine does not
 * need (replication, parallel query, I/O workers).
 */
const SETTINGS = {
  listen_addresses: "",
  port: String(PORT),
  unix_socket_permissions: "0700",
  max_connections: "100",
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  shared_buffers: "32MB",
  effective_cache_size: "512MB",
  work_mem: "8MB",
  maintenance_work_mem: "32MB",
  min_wal_size: "64MB",
  max_wal_size: "512MB",
  checkpoint_timeout: "10min",
  jit: "off",
  io_method: "sync",
  huge_pages: "off",
  autovacuum_max_workers: "2",
  max_worker_processes: "2",
  max_parallel_workers: "0",
  max_parallel_workers_per_gather: "0",
  max_parallel_maintenance_workers: "0",
  max_wal_senders: "0",
  max_replication_slots: "0",
  max_logical_replication_workers: "0",
  logging_collector: "off",
  log_destination: "stderr",
  log_min_messages: "warning",
  log_checkpoints: "off",
  log_line_prefix: "%m [%p] ",
  log_timezone: "UTC",
  timezone: "UTC",
  lc_messages: "C",
} as const;

/** The command line of the server. Settings go here, not into a file, so that a newer program brings its own. */
export function serverArguments({ data, socketFolder, dataDir }: ServerSettings): string[] {
  const settings = {
    ...SETTINGS,
    unix_socket_directories: quoteListItem(socketFolder),
    "causeway.data_dir": dataDir,
  };
  return ["-D", data, ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)];
}

/** The address for drivers. `localhost` only fills the place of a host; the socket folder overrides it. */
export function socketUrl(socketFolder: string, database = DATABASE): string {
  return `postgres://${ROLE}@localhost:${PORT}/${database}?host=${encodeURIComponent(socketFolder)}&sslmode=disable`;
}

/** `unix_socket_directories` is a list: a folder's own commas and quotes must not end the item. */
function quoteListItem(folder: string): string {
  return `"${folder.replaceAll('"', '""')}"`;
}
