import type { GoldenRow, Prediction } from "@causeway/contract";
import { METRICS, type MetricInputs } from "@causeway/statistics";
import type { Answers } from "./answered-rows.ts";
import { matchLabel } from "./class-labels.ts";
import { compareAnswers, estimateAnswers, type KnownMetric } from "./gate-estimates.ts";
import type { Agreement, GateEstimates, GateRows } from "./gates/index.ts";

/** What both versions answered to the same rows. */
export type GateAnswers = {
  /** Class numbers, or amounts. */
  readonly truth: Int32Array | Float64Array;
  readonly challenger: Answers;
  readonly champion: Answers | null;
  readonly classes: readonly string[];
  /** The judged class of two, by its number. */
  readonly positive: number | null;
  /** The champion's golden rows beside what the challenger answers to them. */
  readonly golden: readonly { readonly row: GoldenRow; readonly answer: Prediction }[];
  /** Text of a column for each row. */
  readonly columns: ReadonlyMap<string, readonly (string | null)[]>;
  readonly seed: number;
};

/** Makes the judged rows out of what both versions answered. */
export function createGateRows(given: GateAnswers): GateRows {
  const { truth, challenger, champion, columns, seed } = given;
  const known = new Map<string, GateEstimates>();

  function estimate(name: string, options: { confidence: number; rows?: Int32Array }): GateEstimates {
    if (options.rows !== undefined) return measure(name, options);
    const key = `${name} ${options.confidence}`;
    const found = known.get(key) ?? measure(name, options);
    known.set(key, found);
    return found;
  }

  function measure(name: string, options: { confidence: number; rows?: Int32Array }): GateEstimates {
    const metric = metricOf(name);
    const own = inputOf(challenger, { metric, given, rows: options.rows });
    const other = champion === null ? null : inputOf(champion, { metric, given, rows: options.rows });
    const settings = { confidence: options.confidence, seed };
    return {
      challenger: own === null ? null : estimateAnswers(metric, own, settings),
      champion: other === null ? null : estimateAnswers(metric, other, settings),
      difference:
        own === null || other === null
          ? null
          : compareAnswers(metric, { champion: other, challenger: own }, settings),
    };
  }

  function slices(column: string) {
    const members = new Map<string, number[]>();
    for (const [row, value] of (columns.get(column) ?? []).entries()) {
      const text = value ?? "(missing)";
      const list = members.get(text);
      if (list === undefined) members.set(text, [row]);
      else list.push(row);
    }
    return [...members]
      .map(([value, rows]) => ({ value, rows: Int32Array.from(rows) }))
      .toSorted((a, b) => b.rows.length - a.rows.length || (a.value < b.value ? -1 : 1));
  }

  return {
    rows: truth.length,
    hasChampion: champion !== null,
    lessIsBetter: (name) => metricOf(name).better === "lower",
    estimate,
    slices,
    agreement: () => agreementOf(given),
  };
}

function metricOf(name: string): KnownMetric {
  const all: readonly KnownMetric[] = Object.values(METRICS).flat();
  const metric = all.find((one) => one.name === name);
  if (metric === undefined) throw new Error(`there is no metric ${name}`);
  return metric;
}

type Wanted = {
  readonly metric: KnownMetric;
  readonly given: GateAnswers;
  readonly rows: Int32Array | undefined;
};

/** What a metric looks at, for one side; null where the answers do not hold it. */
function inputOf(answers: Answers, { metric, given, rows }: Wanted): MetricInputs[keyof MetricInputs] | null {
  const picked = rows ?? Int32Array.from(given.truth, (_, row) => row);
  const truth = Float64Array.from(picked, (row) => given.truth[row] ?? Number.NaN);
  if (answers.task === "regression") {
    if (metric.judges !== "amounts") return null;
    return { truth, predicted: Float64Array.from(picked, (row) => answers.values[row] ?? Number.NaN) };
  }
  const { labels, scores } = answers;
  const { positive } = given;
  const classes = given.classes.length;
  switch (metric.judges) {
    case "labels":
      return {
        truth: Int32Array.from(truth),
        predicted: Int32Array.from(picked, (row) => labels[row] ?? -1),
        classes,
        positive,
      };
    case "scores":
      if (scores === null || positive === null) return null;
      return {
        truth: Uint8Array.from(truth, (label) => (label === positive ? 1 : 0)),
        scores: Float64Array.from(picked, (row) => scores[row * classes + positive] ?? Number.NaN),
      };
    case "probabilities": {
      if (scores === null) return null;
      const probabilities = new Float64Array(picked.length * classes);
      for (const [place, row] of picked.entries())
        probabilities.set(scores.subarray(row * classes, (row + 1) * classes), place * classes);
      return { truth: Int32Array.from(truth), probabilities, classes };
    }
    case "amounts":
      return null;
    default:
      return metric satisfies never;
  }
}

/** How alike both sides answer; see the rule `agrees`. */
function agreementOf({ challenger, champion, classes, golden }: GateAnswers): Agreement {
  const differences =
    champion === null ? null : differencesOf(challenger, { champion, classes: classes.length });
  if (differences === null) throw new Error("only answers of one task to the same rows can agree");
  const { values, unit } = differences;
  let sum = 0;
  let most = 0;
  for (const value of values) {
    sum += value;
    most = Math.max(most, value);
  }
  const isAlike = (within: number) => (pair: GateAnswers["golden"][number]) =>
    isSameAnswer(pair.row.prediction.value, pair.answer.value, within * unit);
  return {
    mean: sum / Math.max(values.length, 1),
    most,
    golden: (within) => ({ same: golden.filter(isAlike(within)).length, of: golden.length }),
  };
}

/** Per row the total variation of the classes' probabilities, 0 or 1 of labels, or the distance of numbers in units. */
function differencesOf(
  challenger: Answers,
  { champion, classes }: { champion: Answers; classes: number },
): { values: Float64Array; unit: number } | null {
  if (challenger.task === "regression" && champion.task === "regression") {
    const unit = deviation(champion.values);
    const far = Float64Array.from(challenger.values, (value, row) =>
      Math.abs(value - (champion.values[row] ?? Number.NaN)),
    );
    return { values: far.map((value) => (value === 0 ? 0 : value / unit)), unit };
  }
  if (challenger.task === "regression" || champion.task === "regression") return null;
  const { labels } = challenger;
  const [own, other] = [challenger.scores, champion.scores];
  const values = Float64Array.from(labels, (label, row) => {
    if (own === null || other === null) return label === champion.labels[row] ? 0 : 1;
    let distance = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++)
      distance += Math.abs((own[i] ?? 0) - (other[i] ?? 0));
    return distance / 2;
  });
  return { values, unit: 1 };
}

function isSameAnswer(one: Prediction["value"], other: Prediction["value"], within: number): boolean {
  if (typeof one === "number" && typeof other === "number") return Math.abs(one - other) <= within;
  if (one === null || other === null || Array.isArray(one) || Array.isArray(other)) return one === other;
  return matchLabel(other, [String(one)]) !== undefined;
}

/** Standard deviation of the values. */
function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
