import type { HeldFact, PolicySettings, TriggerFact, TriggerKind } from "@causeway/contract";
import { type CycleBrief, cycleOfVersion, refusalsInARow, trainingsSince } from "./cycle-brief.ts";
import { shifted } from "./event-span.ts";
import { heldText } from "./held-text.ts";
import { type Evidence, noticeOf } from "./triggers/index.ts";
import { isSettled, type WindowFact } from "./window-fact.ts";

/** Refusals in a row after which a policy waits for more evidence, and the labelled windows that are more. */
const PATIENCE = 3;

/** What a decision is made from. */
export type Situation = {
  readonly settings: PolicySettings;
  readonly paused: boolean;
  /** Length of the monitor's windows; null where windows are counted in rows. */
  readonly windowSpan: string | null;
  /** Closed windows, newest first. */
  readonly windows: readonly WindowFact[];
  /** Cycles, newest first. */
  readonly cycles: readonly CycleBrief[];
  /** The version that serves. */
  readonly champion: number | null;
  /** Greatest event time seen. */
  readonly watermark: Date;
  /** Server time, now and when schedules were looked at before. */
  readonly now: Date;
  readonly consideredAt: Date;
};

/** A trigger that fired. */
export type Fired = {
  readonly kind: TriggerKind;
  readonly reason: string;
  readonly window: WindowFact | null;
  /** Event time from which the cooldown counts. */
  readonly at: Date;
  /** Why it is too weak to begin by. */
  readonly weak?: string;
  readonly leastRows?: number;
  /** The reason as figures; left out where a person asked. */
  readonly fact?: TriggerFact;
};

/** Whether a cycle begins. */
export type StartDecision =
  | { readonly kind: "start"; readonly fired: Fired }
  | { readonly kind: "held"; readonly fired: Fired; readonly why: string; readonly by: HeldFact }
  | { readonly kind: "quiet" };

/** Decides by the triggers, and by what holds them back. */
export function decideStart(situation: Situation): StartDecision {
  const fired = firedTrigger(situation);
  if (fired === null) return { kind: "quiet" };
  const held = heldOf(fired, heldAt(situation, fired.at));
  return held === null ? { kind: "start", fired } : { kind: "held", fired, ...held };
}

/** What would hold back a trigger now, in one sentence and as figures; null when one that fires would start a cycle. */
export function heldBack(situation: Situation): { why: string; by: HeldFact } | null {
  const fired = firedTrigger(situation);
  return heldOf(fired, heldAt(situation, fired?.at ?? situation.windows[0]?.end ?? situation.watermark));
}

/** The hold itself, else that the reason is too weak. */
function heldOf(fired: Fired | null, held: HeldFact | null): { why: string; by: HeldFact } | null {
  if (held !== null) return { why: heldText(held), by: held };
  return fired?.weak === undefined
    ? null
    : { why: fired.weak, by: { says: "few-rows", rows: fired.leastRows ?? 0 } };
}

/** The first trigger of the policy, in its own order, that has a reason to begin by; else the first whose reason is too weak. */
function firedTrigger(situation: Situation): Fired | null {
  const { settings, cycles, champion, windows, watermark, now, consideredAt } = situation;
  const since = cycleOfVersion(cycles, champion)?.trainedUntil ?? null;
  const evidence: Evidence = {
    windows: countingWindows(situation),
    labelledSinceTraining: windows
      .filter(({ start }) => since === null || start >= since)
      .reduce((sum, { labelled }) => sum + labelled, 0),
    now,
    consideredAt,
  };
  const fired = settings.when.flatMap((trigger): Fired[] => {
    const notice = noticeOf(trigger, evidence);
    return notice === null ? [] : [{ kind: trigger.on, ...notice, at: notice.window?.end ?? watermark }];
  });
  return fired.find(({ weak }) => weak === undefined) ?? fired[0] ?? null;
}

/**
 * Windows that may be a reason: not used up by an earlier cycle, and begun after the newest switch, so that nothing is held
 * against a version that another one did.
 */
export function countingWindows({ windows, cycles }: Pick<Situation, "windows" | "cycles">): WindowFact[] {
  const used = newest(cycles.map(({ evidenceUntil }) => evidenceUntil));
  const switched = newest(cycles.map(({ switchedAt }) => switchedAt));
  return windows.filter(
    ({ start, end }) => (used === null || end > used) && (switched === null || start >= switched),
  );
}

/** What holds every trigger back at a moment of event time; null when nothing does. */
function heldAt(situation: Situation, at: Date): HeldFact | null {
  const { settings, paused, cycles, windows, watermark } = situation;
  if (paused) return { says: "paused" };
  const [last] = cycles;
  if (last === undefined) return null;
  if (last.endedAt === null) return { says: "cycle", cycle: last.number };
  const ready = cooldownEnd(situation, last);
  if (ready !== null && at < ready)
    return { says: "cooldown", cycle: last.number, until: ready.toISOString() };
  const { trainings, per } = settings.budget;
  const used = trainingsSince(cycles, shifted(at, per, -1));
  if (used >= trainings) return { says: "budget", trainings, per };
  const refusals = refusalsInARow(cycles);
  if (refusals >= PATIENCE) {
    const since = last.evidenceUntil;
    const more = windows.filter(
      (window) => (since === null || window.start >= since) && isSettled(window, watermark),
    );
    if (more.length < PATIENCE) return { says: "refusals", refusals, wanted: PATIENCE, windows: more.length };
  }
  return null;
}

/** When the cooldown of a cycle ends; null where the next window of a monitor by rows ends it. */
function cooldownEnd({ settings, windowSpan }: Situation, last: CycleBrief): Date | null {
  if (settings.cooldown !== null) return shifted(last.anchoredAt, settings.cooldown, 1);
  // Two windows: one that may have both versions in it, and one of the new version alone.
  return windowSpan === null ? null : shifted(shifted(last.anchoredAt, windowSpan, 1), windowSpan, 1);
}

function newest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce<Date | null>(
    (best, date) => (date !== null && (best === null || date > best) ? date : best),
    null,
  );
}
