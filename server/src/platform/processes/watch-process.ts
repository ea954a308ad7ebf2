import { folderSize } from "./folder-size.ts";
import { listProcesses, type ProcessEntry, readProcess, readVariables } from "./proc-table.ts";
import { ATTEMPT_VARIABLE } from "./process-mark.ts";
import type { TreeQuery } from "./process-tree.ts";
import { createUsageMeter, type ProcessUsage } from "./usage-meter.ts";

/** How far a child may go; what is absent is not limited. */
export type ProcessLimits = {
  readonly timeoutMs?: number;
  /** Resident memory of the child and everything that it started. */
  readonly memoryBytes?: number;
  /** Bytes on disk below `folder`, measured every second. */
  readonly diskBytes?: number;
  readonly folder?: string;
};

/** What ended a child before its own end. */
export type StopCause = "timeout" | "memory" | "disk" | "signal";

type Watch = {
  readonly tree: Required<TreeQuery>;
  readonly limits?: ProcessLimits;
  readonly signal?: AbortSignal;
  readonly stop: () => Promise<void>;
};

const FIRST_SAMPLE_MS = 30;
const SAMPLE_MS = 250;
/** Every so many samples, new members of the tree are looked for and the folder is measured. */
const LOOK_EVERY = 4;

/** Samples a child's tree and stops it when it passes a limit or the signal aborts. */
export function watchProcess({ tree, limits = {}, signal, stop }: Watch) {
  const meter = createUsageMeter();
  const foreign = new Set<string>();
  let members: ProcessEntry[] = [];
  let stoppedBy: StopCause | null = null;
  let samples = 0;
  let measuring = false;
  let ended = false;

  function stopFor(cause: StopCause): void {
    if (stoppedBy !== null || ended) return;
    stoppedBy = cause;
    void stop();
  }

  function belongs(entry: ProcessEntry): boolean {
    if (entry.group === tree.group) return true;
    const name = `${entry.pid}.${entry.startTicks}`;
    if (foreign.has(name)) return false;
    if (readVariables(entry.pid).get(ATTEMPT_VARIABLE) === tree.attempt) return true;
    foreign.add(name);
    return false;
  }

  function sample(): void {
    const look = samples % LOOK_EVERY === 0;
    samples += 1;
    members = look
      ? listProcesses(tree.group).filter(belongs)
      : members.flatMap(({ pid }) => readProcess(pid) ?? []);
    const memoryBytes = meter.sample(members);
    if (limits.memoryBytes !== undefined && memoryBytes > limits.memoryBytes) stopFor("memory");
    if (look && limits.diskBytes !== undefined && limits.folder !== undefined) void measureFolder();
  }

  async function measureFolder(): Promise<void> {
    if (measuring || limits.folder === undefined || limits.diskBytes === undefined) return;
    measuring = true;
    try {
      if ((await folderSize(limits.folder)) > limits.diskBytes) stopFor("disk");
    } finally {
      measuring = false;
    }
  }

  const onAbort = () => stopFor("signal");
  signal?.addEventListener("abort", onAbort, { once: true });
  const timeout =
    limits.timeoutMs === undefined ? undefined : setTimeout(() => stopFor("timeout"), limits.timeoutMs);
  const first = setTimeout(sample, FIRST_SAMPLE_MS);
  const sampling = setInterval(sample, SAMPLE_MS);

  return {
    /** Called in the turn in which the child's end is known. */
    end(): { stoppedBy: StopCause | null; usage: ProcessUsage } {
      ended = true;
      clearTimeout(first);
      clearTimeout(timeout);
      clearInterval(sampling);
      signal?.removeEventListener("abort", onAbort);
      return { stoppedBy, usage: meter.total() };
    },
  };
}
