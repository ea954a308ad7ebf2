import type { Json, Problem, Progress } from "@causeway/contract";
import type { Call } from "../access/call.ts";
import type { Tx } from "../database/index.ts";
import type { Work } from "./work.ts";

/** One claim of a piece of work, as its definition's `run` sees it. */
export type Job<Payload = Json> = {
  readonly id: string;
  /** Which claim of the work this is; grows by 1. Files and processes of a claim are named for it. */
  readonly fencing: number;
  readonly payload: Payload;
  readonly work: Work;
  /** Acts for whoever enqueued the work; its signal is the job's. */
  readonly call: Call;
  /** Claims so far that were not given back, this one included. */
  readonly attempt: number;
  /** Name of the worker that holds the claim. */
  readonly worker: string;
  /** Aborts when the work is cancelled, the lease is lost, or the worker stops; its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** Shows how far the work has come; written at most four times a second. */
  readonly progress: (progress: Progress) => void;
  /** Commits the result: one transaction that is refused with LEASE_LOST once another claim was made. */
  readonly finish: (commit: (tx: Tx) => Promise<Json>) => Promise<void>;
  /** Puts the work back for another claim after a delay, under the same protection. */
  readonly requeue: (delayMs: number, commit: (tx: Tx) => Promise<void>) => Promise<void>;
  /** Any other change to the stage's tables while the work runs, under the same protection; the work stays claimed. */
  readonly record: <Result>(commit: (tx: Tx) => Promise<Result>) => Promise<Result>;
};

/** Why work ended without a result. */
export type Ending = { readonly state: "failed" | "cancelled"; readonly problem: Problem };

/** A kind of work that a stage contributes. */
export type WorkDefinition = {
  readonly kind: string;
  readonly run: (job: Job<never>) => Promise<void>;
  readonly ended?: (tx: Tx, work: Work, ending: Ending) => Promise<void>;
};

/**
 * Declares a kind of work; `Payload` is what the stage itself enqueued. `run` does it and ends with `job.finish` (or `job.requeue`); what it throws fails the work.
 * `ended` is called in the transaction that marks the work failed or cancelled, so that a stage's own rows follow.
 */
export function defineWork<Payload>(definition: {
  readonly kind: string;
  readonly run: (job: Job<Payload>) => Promise<void>;
  readonly ended?: (tx: Tx, work: Work, ending: Ending) => Promise<void>;
}): WorkDefinition {
  return definition;
}
