import { type ProcessEntry, readProcess, readTraffic } from "./proc-table.ts";

/** What a child and everything that it started used. Bytes are those passed through read and write calls. */
export type ProcessUsage = {
  cpuSeconds: number;
  peakMemoryBytes: number;
  readBytes: number;
  writtenBytes: number;
};

type Seen = { cpuSeconds: number; readBytes: number; writtenBytes: number };

/** CPU time of this process's children up to the last one that was accounted for. */
let accountedChildrenCpu: number | undefined;

/** Adds up samples of a changing set of processes; each process counts with its last sample. */
export function createUsageMeter() {
  const seen = new Map<string, Seen>();
  let peakMemoryBytes = 0;
  accountedChildrenCpu ??= readProcess("self")?.childrenCpuSeconds ?? 0;

  return {
    /** Takes one look at the processes; answers the memory that they hold together now. */
    sample(entries: readonly ProcessEntry[]): number {
      let memoryBytes = 0;
      for (const { pid, startTicks, cpuSeconds, memoryBytes: resident } of entries) {
        const traffic = readTraffic(pid);
        memoryBytes += resident;
        peakMemoryBytes = Math.max(peakMemoryBytes, traffic.peakMemoryBytes);
        const before = seen.get(`${pid}.${startTicks}`);
        seen.set(`${pid}.${startTicks}`, {
          cpuSeconds,
          // A process that ended between two reads shows no traffic any more.
          readBytes: Math.max(traffic.readBytes, before?.readBytes ?? 0),
          writtenBytes: Math.max(traffic.writtenBytes, before?.writtenBytes ?? 0),
        });
      }
      peakMemoryBytes = Math.max(peakMemoryBytes, memoryBytes);
      return memoryBytes;
    },

    /**
     * The sum, called when the child has just ended. What it used since the last sample is known from the kernel's account
     * of waited-for children; of two children that end in the same turn of the loop, the first is given both.
     */
    total(): ProcessUsage {
      const usage: ProcessUsage = { cpuSeconds: 0, peakMemoryBytes, readBytes: 0, writtenBytes: 0 };
      for (const one of seen.values()) {
        usage.cpuSeconds += one.cpuSeconds;
        usage.readBytes += one.readBytes;
        usage.writtenBytes += one.writtenBytes;
      }
      const childrenCpu = readProcess("self")?.childrenCpuSeconds ?? 0;
      const sinceLast = childrenCpu - (accountedChildrenCpu ?? 0);
      accountedChildrenCpu = childrenCpu;
      usage.cpuSeconds = Math.max(usage.cpuSeconds, sinceLast);
      return usage;
    },
  };
}
