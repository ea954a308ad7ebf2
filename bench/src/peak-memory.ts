import { readFileSync } from "node:fs";
import { processesOf } from "../../e2e/src/causeway.ts";

/** Samples the resident memory of the processes that a pattern finds, in MB (10^6 bytes); `stop` gives the greatest sum seen. */
export function watchMemory(pids: () => readonly number[], everyMs = 50): { stop(): number } {
  let peak = 0;
  const timer = setInterval(() => {
    const sum = pids().reduce((total, pid) => total + residentMB(pid), 0);
    peak = Math.max(peak, sum);
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

/** Processes of a data folder whose command line has a text in it. */
export function pidsWith(dataDir: string, part: string): number[] {
  return processesOf(dataDir)
    .filter((line) => line.includes(part))
    .map((line) => Number(line.split(" ")[0]));
}

function residentMB(pid: number): number {
  try {
    return (
      Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024e-6
    );
  } catch {
    return 0;
  }
}
