import { compareMetric, estimateMetric, findMetric, type JudgedRows } from "@causeway/statistics";
import { agreementOf } from "./agreement.ts";
import type { GateEstimates, GateRows, GoldenPair } from "./gates/index.ts";

/** What both versions answered to the same rows, beside what was true. */
export type GateAnswers = {
  readonly challenger: JudgedRows;
  readonly champion: JudgedRows | null;
  /** The champion's golden rows beside what the challenger answers to them. */
  readonly golden: readonly GoldenPair[];
  /** Text of a column for each row. */
  readonly columns: ReadonlyMap<string, readonly (string | null)[]>;
  readonly seed: number;
};

type Choice = { readonly confidence: number; readonly rows?: Int32Array };

/** Makes the judged rows out of what both versions answered; what was computed once is not computed again. */
export function createGateRows({ challenger, champion, golden, columns, seed }: GateAnswers): GateRows {
  const known = new Map<string, GateEstimates>();

  function estimate(metric: string, choice: Choice): GateEstimates {
    if (choice.rows !== undefined) return measure(metric, choice);
    const key = `${metric} ${choice.confidence}`;
    const found = known.get(key) ?? measure(metric, choice);
    known.set(key, found);
    return found;
  }

  function measure(metric: string, { confidence, rows }: Choice): GateEstimates {
    const options = { confidence, seed };
    const own = pick(challenger, rows);
    if (champion === null)
      return { challenger: estimateMetric(metric, own, options), champion: null, difference: null };
    const other = pick(champion, rows);
    const compared = compareMetric(metric, { champion: other, challenger: own }, options);
    if (compared !== null) return compared;
    return {
      challenger: estimateMetric(metric, own, options),
      champion: estimateMetric(metric, other, options),
      difference: null,
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
    rows: challenger.truth.length,
    hasChampion: champion !== null,
    lessIsBetter: (metric) => findMetric(metric)?.lessIsBetter ?? false,
    estimate,
    slices,
    agreement: () => agreementOf({ challenger, champion, golden }),
  };
}

/** Some of the rows, or all. */
function pick(judged: JudgedRows, rows: Int32Array | undefined): JudgedRows {
  if (rows === undefined) return judged;
  const at = (values: Int32Array | Float64Array) => (row: number) => values[row] ?? Number.NaN;
  if (judged.task === "regression") {
    const truth = Float64Array.from(rows, at(judged.truth));
    return { task: "regression", truth, predicted: Float64Array.from(rows, at(judged.predicted)) };
  }
  const { classes, probabilities } = judged;
  const picked = probabilities === null ? null : new Float64Array(rows.length * classes);
  if (picked !== null)
    for (const [place, row] of rows.entries())
      picked.set(probabilities?.subarray(row * classes, (row + 1) * classes) ?? [], place * classes);
  return {
    ...judged,
    truth: Int32Array.from(rows, at(judged.truth)),
    predicted: Int32Array.from(rows, at(judged.predicted)),
    probabilities: picked,
  };
}
