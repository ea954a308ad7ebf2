import { setTimeout as sleep } from "node:timers/promises";
import { listProcesses, type ProcessEntry, readProcess, readVariables } from "./proc-table.ts";
import { ATTEMPT_VARIABLE, OWNER_VARIABLE, parseOwnerMark } from "./process-mark.ts";

const KILL_ROUNDS = 50;
const KILL_PAUSE_MS = 20;

/** Which processes belong to one child: its group, and whatever carries its mark, wherever it went. The group is its own id. */
export type TreeQuery = { readonly group?: number; readonly attempt: string };

/** Lists the live processes of a child, those that left its group included. */
export function treeOf({ group, attempt }: TreeQuery): ProcessEntry[] {
  return listProcesses(group).filter(
    (entry) =>
      !entry.zombie &&
      entry.pid !== process.pid &&
      (entry.group === group || readVariables(entry.pid).get(ATTEMPT_VARIABLE) === attempt),
  );
}

/** Asks a whole group to end. */
export function askToEnd(group: number): void {
  signalGroup(group, "SIGTERM");
}

/**
 * Kills the processes that `find` names until it names none: a process that forks while it is being killed is found in the
 * next round. A process that has changed its group and dropped every variable cannot be recognised.
 */
export async function killAll(find: () => ProcessEntry[]): Promise<void> {
  for (let round = 0; round < KILL_ROUNDS; round += 1) {
    const found = find();
    if (found.length === 0) return;
    for (const { pid } of found) signalProcess(pid, "SIGKILL");
    await sleep(KILL_PAUSE_MS);
  }
}

/** Kills a child with everything that it started. */
export async function killTree(query: TreeQuery): Promise<void> {
  if (query.group !== undefined) signalGroup(query.group, "SIGKILL");
  await killAll(() => treeOf(query));
}

/** Kills what earlier claims of a piece of work left running on this machine. */
export async function killEarlierClaims(work: { id: string; fencing: number }): Promise<void> {
  await killAll(() =>
    listProcesses().filter(({ pid, zombie }) => {
      if (zombie || pid === process.pid) return false;
      const [id, fencing] = (readVariables(pid).get(ATTEMPT_VARIABLE) ?? "").split(".");
      return id === work.id && Number(fencing) < work.fencing;
    }),
  );
}

/** Kills children of this data folder whose owner has died. */
export async function killOrphans(dataDir: string): Promise<void> {
  await killAll(() =>
    listProcesses().filter(({ pid, zombie }) => {
      if (zombie || pid === process.pid) return false;
      const mark = readVariables(pid).get(OWNER_VARIABLE) ?? "";
      return parseOwnerMark(mark)?.dataDir === dataDir && !isOwnerAlive(mark);
    }),
  );
}

/** Says whether the process that a mark names still runs; false for what is not a mark. */
export function isOwnerAlive(mark: string): boolean {
  const owner = parseOwnerMark(mark);
  const entry = owner === undefined ? undefined : readProcess(owner.pid);
  return entry !== undefined && !entry.zombie && entry.startTicks === owner?.startTicks;
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  signalProcess(-group, signal);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it ended by itself in the meantime.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
