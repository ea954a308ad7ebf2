import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** What a running server tells of itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  socketFolder: string;
  status: "starting" | "ready" | "standby" | "stopping" | "unknown";
}

const PID_LINE = 0;
const SOCKET_LINE = 4;
const STATUS_LINE = 7;

/** Reads `postmaster.pid` of a data directory; undefined when no server has left one. */
export function readPostmaster(data: string): Postmaster | undefined {
  const path = join(data, "postmaster.pid");
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, "utf8").split("\n");
  const pid = Number(lines[PID_LINE]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const status = lines[STATUS_LINE]?.trim();
  return {
    pid,
    socketFolder: lines[SOCKET_LINE] ?? "",
    status:
      status === "starting" || status === "ready" || status === "standby" || status === "stopping"
        ? status
        : "unknown",
  };
}

/** True while a process runs. One that has ended and that nobody has waited for yet counts as ended. */
export function isRunning(pid: number): boolean {
  try {
    // The command name in parentheses may hold anything, so the state is what follows the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const state = stat.slice(stat.lastIndexOf(")") + 2)[0];
    return state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}

/**
 * True when a process is a PostgreSQL server on this very data directory. Process numbers are used again, above all in
 * containers, so a number alone proves nothing; a server's working directory does, and it follows a moved folder.
 */
export function servesDirectory(pid: number, data: string): boolean {
  try {
    return isRunning(pid) && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch {
    return false;
  }
}

/** Every process that still works in a data directory: after a killed server, its children on their way out. */
export function processesIn(data: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && servesDirectory(pid, data));
}
