import { closeSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

const LARGEST_BYTES = 10 * 1024 ** 2;

/** How much of the end of the log may hold the reason of a failed start. */
const TAIL_BYTES = 16 * 1024;

/** The file that the server's standard error goes to. */
export interface ServerLog {
  path: string;
  fd: number;
  /** What the server has printed since this handle was opened, at most the last 16 KiB of it. */
  tail: () => string;
  close: () => void;
}

/** Opens `logs/postgres.log` of a data folder; a large one is put aside first as `postgres.log.1`. */
export async function openServerLog(dataDir: string): Promise<ServerLog> {
  const folder = join(dataDir, "logs");
  await mkdir(folder, { recursive: true });
  const path = join(folder, "postgres.log");
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const isLarge = size > LARGEST_BYTES;
  if (isLarge) renameSync(path, `${path}.1`);
  const start = isLarge ? 0 : size;
  const fd = openSync(path, "a+", 0o600);
  return {
    path,
    fd,
    tail: () => {
      const end = statSync(path).size;
      const from = Math.max(start, end - TAIL_BYTES);
      const bytes = Buffer.alloc(Math.max(0, end - from));
      readSync(fd, bytes, 0, bytes.length, from);
      return bytes.toString();
    },
    close: () => closeSync(fd),
  };
}
