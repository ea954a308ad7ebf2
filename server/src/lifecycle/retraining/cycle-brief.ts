import type { CycleState } from "@causeway/contract";

/** What decisions need to know of an earlier cycle. */
export type CycleBrief = {
  readonly number: number;
  readonly state: CycleState;
  /** Null while it is under way. */
  readonly endedAt: Date | null;
  /** Event time from which the cooldown counts: the end of the window that showed the reason. */
  readonly anchoredAt: Date;
  readonly noticedAt: Date;
  /** End of the newest window that it used up as a reason or to judge by. */
  readonly evidenceUntil: Date | null;
  readonly switchedAt: Date | null;
  readonly candidate: number | null;
  /** Event time from which the candidate learned; null: from every row. */
  readonly learnedFrom: Date | null;
  /** Event time before which rows may be in the candidate's training data. */
  readonly trainedUntil: Date | null;
  /** Trainings that it started; a refit belongs to the same one. */
  readonly trainings: number;
};

/** Trainings by cycles that were noticed in the span that ends now. */
export function trainingsSince(cycles: readonly CycleBrief[], after: Date): number {
  return cycles
    .filter(({ noticedAt }) => noticedAt > after)
    .reduce((sum, { trainings }) => sum + trainings, 0);
}

/** Gates in a row, newest first, that refused. */
export function refusalsInARow(cycles: readonly CycleBrief[]): number {
  const ended = cycles.filter(({ state }) => state !== "cancelled");
  const other = ended.findIndex(({ state }) => state !== "refused");
  return other < 0 ? ended.length : other;
}

/** The cycle that made a version; undefined where none did. */
export function cycleOfVersion(
  cycles: readonly CycleBrief[],
  version: number | null,
): CycleBrief | undefined {
  return cycles.find(({ candidate }) => candidate !== null && candidate === version);
}
