import type { MetricMoment, PolicySettings } from "@causeway/contract";
import { shifted } from "./event-span.ts";
import { counted } from "./figure-text.ts";
import type { WindowFact } from "./window-fact.ts";

/** Part of its skill that a version may lose before older rows are taken to contradict newer ones. */
const CONTRADICTION = 1 / 3;

/** Rows of a span of event time. */
export type RowSpan = { readonly start: Date; readonly end: Date; readonly title: string };

/** Which rows a challenger learns from, and which judge it. `from` null: as far back as there are rows. */
export type TrainingChoice =
  | {
      readonly kind: "rows";
      readonly from: Date | null;
      readonly until: Date;
      readonly judging: RowSpan;
      /** "all rows", "rows since 2017-W09". */
      readonly what: string;
    }
  | { readonly kind: "wait"; readonly why: string };

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
  const whole = { start: judging.start, end: judging.end, title: judging.title };
  if (fresh >= data.leastRows) return { kind: "rows", from, until: judging.start, judging: whole, what };
  const middle = new Date((judging.start.getTime() + judging.end.getTime()) / 2);
  if (fresh + judging.labelled / 2 >= data.leastRows) {
    const later = { start: middle, end: judging.end, title: `the later half of ${judging.title}` };
    return {
      kind: "rows",
      from,
      until: middle,
      judging: later,
      what: `${what} and the earlier half of ${judging.title}`,
    };
  }
  return {
    kind: "wait",
    why: `waits for more truth: ${counted(Math.floor(fresh + judging.labelled / 2), "row")} to learn from that are new to what serves, ${counted(data.leastRows, "row")} are needed`,
  };
}

function spanOf({ data, judging, labelled, learnedFrom }: TrainingSituation): {
  from: Date | null;
  what: string;
} {
  if (data.window === "all") return { from: null, what: "all rows" };
  if (data.window !== "auto")
    return { from: shifted(judging.end, data.window, -1), what: `rows of the last ${data.window}` };
  const change = changeOf(labelled);
  if (change !== undefined) return { from: change.start, what: `rows since ${change.title}` };
  return learnedFrom === null
    ? { from: null, what: "all rows" }
    : { from: learnedFrom, what: `rows since ${learnedFrom.toISOString().slice(0, 10)}` };
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
