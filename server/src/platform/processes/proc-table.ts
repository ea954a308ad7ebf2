import { readdirSync, readFileSync } from "node:fs";

/** What the kernel says of one process. `startTicks` with the pid names it for good: pids are used again. */
export type ProcessEntry = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly startTicks: number;
  /** True once it has ended and only waits for its parent to take note. */
  readonly zombie: boolean;
  readonly cpuSeconds: number;
  /** CPU time of children that ended and were waited for. */
  readonly childrenCpuSeconds: number;
  readonly memoryBytes: number;
};

/** Linux counts CPU time in hundredths of a second for user space on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Reads one process; undefined once it is gone. */
export function readProcess(pid: number | "self"): ProcessEntry | undefined {
  const text = readOrUndefined(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name in parentheses may hold spaces and parentheses itself: fields are counted from the last one.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3] ?? 0); // numbered as in proc_pid_stat(5)
  return {
    pid: Number.parseInt(text, 10),
    parent: field(4),
    group: field(5),
    startTicks: field(22),
    zombie: fields[0] === "Z" || fields[0] === "X",
    cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
    childrenCpuSeconds: (field(16) + field(17)) / TICKS_PER_SECOND,
    memoryBytes: field(24) * PAGE_BYTES,
  };
}

/**
 * Processes that can be seen; with `since`, only those that may have been started after the process of that id. Linux gives
 * process ids in a circle, so that those lie between it and the id that was given last.
 */
export function listProcesses(since?: number): ProcessEntry[] {
  const isYounger = since === undefined ? () => true : youngerThan(since);
  const entries: ProcessEntry[] = [];
  for (const name of readNames()) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || !isYounger(pid)) continue;
    const entry = readProcess(pid);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** Elsewhere than on Linux nothing can be seen: groups are still killed whole, but neither measured nor searched for strays. */
function readNames(): string[] {
  try {
    return readdirSync("/proc");
  } catch {
    return [];
  }
}

function youngerThan(since: number): (pid: number) => boolean {
  // The last field of this file is the id that was given last.
  const last = Number(/(\d+)\s*$/.exec(readOrUndefined("/proc/loadavg") ?? "")?.[1] ?? Number.NaN);
  if (Number.isNaN(last)) return () => true;
  return last >= since ? (pid) => pid >= since && pid <= last : (pid) => pid >= since || pid <= last;
}

/** The variables that a process was started with; empty for processes of other accounts. */
export function readVariables(pid: number): Map<string, string> {
  const text = readOrUndefined(`/proc/${pid}/environ`) ?? "";
  const variables = new Map<string, string>();
  for (const entry of text.split("\0")) {
    const equals = entry.indexOf("=");
    if (equals > 0) variables.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return variables;
}

/** Bytes that a process passed through read and write calls, and its greatest resident memory so far. */
export function readTraffic(pid: number): {
  readBytes: number;
  writtenBytes: number;
  peakMemoryBytes: number;
} {
  const io = readOrUndefined(`/proc/${pid}/io`) ?? "";
  const status = readOrUndefined(`/proc/${pid}/status`) ?? "";
  return {
    readBytes: Number(/^rchar: (\d+)/m.exec(io)?.[1] ?? 0),
    writtenBytes: Number(/^wchar: (\d+)/m.exec(io)?.[1] ?? 0),
    peakMemoryBytes: Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
  };
}

/** Processes come and go between listing and reading; one that cannot be read is one that is not there. */
function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
