import { readFileSync } from "node:fs";

/** A process that cannot be mistaken for a later one with the same number. */
export type ProcessIdentity = {
  readonly pid: number;
  /** When it started, in clock ticks since the machine did; null where the system does not tell. */
  readonly startedAt: string | null;
};

/** Who this process is. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: startOf(process.pid) };
}

/** True while that very process runs. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user answers EPERM: it is there.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const start = startOf(pid);
  return startedAt === null || start === null || start === startedAt;
}

function startOf(pid: number): string | null {
  try {
    // The second field is the program's name and may hold anything; the others follow its closing bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const isDead = fields[0] === "Z" || fields[0] === "X";
    return isDead ? "" : (fields[19] ?? null);
  } catch {
    return null;
  }
}
