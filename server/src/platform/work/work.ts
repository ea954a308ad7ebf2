import type { Actor, Json, Problem, Progress, Scope, WorkState } from "@causeway/contract";

/** One piece of long work as the queue knows it. */
export type Work = {
  readonly id: string;
  readonly scope: Scope;
  readonly kind: string;
  /** REST path of the thing that the work is for. */
  readonly subject: string;
  readonly payload: Json;
  readonly state: WorkState;
  /** Claims so far that were not given back, the running one included. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Token of the newest claim. */
  readonly fencing: number;
  readonly leasedBy: string | null;
  readonly cancelRequested: boolean;
  readonly progress: Progress | null;
  readonly result: Json;
  readonly problem: Problem | null;
  readonly actor: Actor;
  readonly requestId: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
};

/** The claim under which a worker acts; a statement that names it changes nothing once another claim was made. */
export type Claim = { readonly id: string; readonly fencing: number; readonly worker: string };

/** True once nothing more happens to the work. */
export function hasEnded(work: Pick<Work, "state">): boolean {
  return work.state === "succeeded" || work.state === "failed" || work.state === "cancelled";
}
