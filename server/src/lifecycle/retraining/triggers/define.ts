import type { Trigger, TriggerFact } from "@causeway/contract";
import type { WindowFact } from "../window-fact.ts";

/** What triggers look at. */
export type Evidence = {
  /** Closed windows that count: newer than what earlier cycles used up, newest first. */
  readonly windows: readonly WindowFact[];
  /** Rows with truth that came after the training data of what serves. */
  readonly labelledSinceTraining: number;
  /** Server time, now and when schedules were looked at before. */
  readonly now: Date;
  readonly consideredAt: Date;
};

/** Why a cycle should begin: one sentence with its figures, and the window that shows it. */
export type Notice = {
  readonly reason: string;
  readonly window: WindowFact | null;
  /** Why this reason is too weak to begin by; left out where it is not. The same words for every window. */
  readonly weak?: string;
  /** The rows with truth that it lacks then. */
  readonly leastRows?: number;
  /** The reason as figures. */
  readonly fact: TriggerFact;
};

/** A kind of trigger: a pure function of what was seen. */
export type TriggerRule<Settings extends Trigger = Trigger> = {
  readonly on: Settings["on"];
  /** Null when there is no reason to retrain. */
  readonly notice: (settings: Settings, evidence: Evidence) => Notice | null;
  /** The condition as the middle of a sentence: "retrains when …". */
  readonly say: (settings: Settings) => string;
};

/** Declares a kind of trigger. */
export function defineTrigger<On extends Trigger["on"]>(
  rule: TriggerRule<Extract<Trigger, { on: On }>> & { readonly on: On },
): TriggerRule<Extract<Trigger, { on: On }>> {
  return rule;
}
