import { readFileSync } from "node:fs";
import { processesOf } from "../../e2e/src/causeway.ts";

/** Proportional set size of every process of a data folder, in MB (10^6 bytes), by program. */
export function memoryOf(dataDir: string, database: readonly number[]): { name: string; pssMB: number }[] {
  const ours = processesOf(dataDir).map((line) => Number(line.split(" ")[0]));
  return [...new Set([...ours, ...database])].map((pid) => ({
    name: commandOf(pid),
    pssMB: pssMB(pid),
  }));
}

/** Proportional set size of a process, in MB (10^6 bytes). */
export function pssMB(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024e-6;
}

/** CPU time used so far by processes, in seconds (user and system, /proc/<pid>/stat fields 14 and 15, 100 ticks a second). */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
  }, 0);
}

/** A process and all that descend from it. */
export function descendants(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter(Boolean).map(Number);
  return [pid, ...children.flatMap(descendants)];
}

function commandOf(pid: number): string {
  const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
  const role = /(?:main\.ts|server\.mjs|gateway\.mjs) (\w+)/.exec(command)?.[1];
  return (
    role ??
    (command.includes("postgres")
      ? "database"
      : command.includes("causeway.js")
        ? "up"
        : command.slice(0, 30))
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
