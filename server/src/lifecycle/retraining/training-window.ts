import type { CycleFact, JudgedRows, LearnedRows, MetricMoment, PolicySettings } from "@causeway/contract";
import { shifted } from "./event-span.ts";
import type { WindowFact } from "./window-fact.ts";

/** Part of its skill that a version may lose before older rows are taken to contradict newer ones. */
const CONTRADICTION = 1 / 3;

const ALL: LearnedRows = { of: "all", bound: null, half: null };

/** Rows of a span of event time. */
export type RowSpan = { readonly start: Date; readonly end: Date; readonly rows: JudgedRows };

/** Which rows a challenger learns from, and which judge it. `from` null: as far back as there are rows. */
export type TrainingChoice =
  | {
      readonly kind: "rows";
      readonly from: Date | null;
      readonly until: Date;
      readonly judging: RowSpan;
      readonly what: LearnedRows;
    }
  | { readonly kind: "wait"; readonly why: CycleFact };

/** What the choice is made from. */
export type TrainingSituation = {
  readonly data: PolicySettings["data"];
  /** The newest window whose truth has come. */
  readonly judging: WindowFact;
  /** Windows with truth up to the judging one, newest first, that one among them. */
  readonly labelled: readonly WindowFact[];
  /** Event time before which the version that serves may have learned from rows. */
  readonly trainedUntil: Date | null;
  /** Event time from which it learned; null: from every row. What it left out stays left out. */
  readonly learnedFrom: Date | null;
};

/**
 * Chooses the rows to learn from. `auto` takes all rows: more data makes the better model while the law of the world holds.
 * Only where the version that serves has lost nearly all of its skill do old rows teach the opposite of what is true now;
 * then only rows since that change count.
 *
 * Without enough rows that are new to the version that serves, the challenger would be the same model again. Then the
 * judging window is cut in two by event time: its earlier half is learned from, its later half judges.
 */
export function chooseTraining(situation: TrainingSituation): TrainingChoice {
  const { data, judging, labelled, trainedUntil } = situation;
  const { from, what } = spanOf(situation);
  // New to the version that serves, and within the span.
  const fresh = labelled
    .filter(
      ({ start, end }) =>
        end <= judging.start && start >= (from ?? start) && start >= (trainedUntil ?? start),
    )
    .reduce((sum, window) => sum + window.labelled, 0);
  const { start, end, title: window } = judging;
  const whole = { start, end, rows: { window, half: false } };
  if (fresh >= data.leastRows) return { kind: "rows", from, until: judging.start, judging: whole, what };
  const middle = new Date((judging.start.getTime() + judging.end.getTime()) / 2);
  if (fresh + judging.labelled / 2 >= data.leastRows) {
    const later = { start: middle, end, rows: { window, half: true } };
    return { kind: "rows", from, until: middle, judging: later, what: { ...what, half: window } };
  }
  return {
    kind: "wait",
    why: {
      says: "awaits-rows",
      rows: Math.floor(fresh + judging.labelled / 2),
      needed: data.leastRows,
    },
  };
}

function spanOf({ data, judging, labelled, learnedFrom }: TrainingSituation): {
  from: Date | null;
  what: LearnedRows;
} {
  if (data.window === "all") return { from: null, what: ALL };
  if (data.window !== "auto") {
    const from = shifted(judging.end, data.window, -1);
    return { from, what: { of: "last", bound: data.window, half: null } };
  }
  const change = changeOf(labelled);
  if (change !== undefined) return { from: change.start, what: since(change.title) };
  return learnedFrom === null
    ? { from: null, what: ALL }
    : { from: learnedFrom, what: since(learnedFrom.toISOString().slice(0, 10)) };
}

function since(bound: string): LearnedRows {
  return { of: "since", bound, half: null };
}

/** The first of the newest windows in a row that contradict what was learned; undefined where old rows still teach. */
function changeOf(labelled: readonly WindowFact[]): WindowFact | undefined {
  const other = labelled.findIndex((window) => !contradicts(window));
  const contradicting = other < 0 ? labelled : labelled.slice(0, other);
  return contradicting.at(-1);
}

function contradicts({ metrics }: WindowFact): boolean {
  const skills = metrics.flatMap((moment) => skillKept(moment) ?? []);
  return skills.length > 0 && Math.min(...skills) < CONTRADICTION;
}

/** What a guess scores, for metrics where that is known. */
const GUESS: Readonly<Record<string, number>> = { auc: 0.5, accuracy: 0.5, balanced_accuracy: 0.5, r2: 0 };
const ERRORS: readonly string[] = ["rmse", "mae"];

/** Part of the reference's skill over guessing that is left; null for metrics that cannot tell. */
function skillKept({ metric, now, reference }: MetricMoment): number | null {
  if (reference === null) return null;
  if (ERRORS.includes(metric)) return now.value > 0 ? reference.value / now.value : null;
  const guess = GUESS[metric];
  if (guess === undefined || reference.value <= guess) return null;
  return (now.value - guess) / (reference.value - guess);
}
