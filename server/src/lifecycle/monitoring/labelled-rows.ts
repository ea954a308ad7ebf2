import type { Signature } from "@causeway/contract";
import type { JudgedRows } from "@causeway/statistics";
import { matchLabel } from "../registry/index.ts";

/** A row of the log with its truth, as DuckDB gives it. */
export type LabelledRow = {
  readonly predicted: string | null;
  /** Score of each class of the signature, in its order; empty for models that give labels alone. */
  readonly scores: readonly (number | null)[];
  readonly truth: string;
};

/** What a model's answers are judged as. */
export type JudgedAs = Pick<Signature, "task" | "classes"> & { readonly positive: string | null };

/** Rows as metrics take them; null where none can be judged. `unknown` are those whose truth the model has no class for. */
export function judgedRows(
  rows: readonly LabelledRow[],
  as: JudgedAs,
): { judged: JudgedRows | null; unknown: number } {
  return as.task === "regression" ? amountsOf(rows) : classesOf(rows, as);
}

function amountsOf(rows: readonly LabelledRow[]): { judged: JudgedRows | null; unknown: number } {
  const pairs = rows
    .map(
      ({ predicted, truth }) => [Number(truth), predicted === null ? Number.NaN : Number(predicted)] as const,
    )
    .filter(([truth, predicted]) => Number.isFinite(truth) && Number.isFinite(predicted));
  const unknown = rows.length - pairs.length;
  if (pairs.length === 0) return { judged: null, unknown };
  const truth = Float64Array.from(pairs, ([value]) => value);
  const predicted = Float64Array.from(pairs, ([, value]) => value);
  return { judged: { task: "regression", truth, predicted }, unknown };
}

function classesOf(
  rows: readonly LabelledRow[],
  as: JudgedAs,
): { judged: JudgedRows | null; unknown: number } {
  const labels =
    as.classes.length > 0
      ? as.classes
      : [...new Set(rows.flatMap(({ predicted, truth }) => [predicted ?? truth, truth]))].toSorted();
  const places = new Map<string, number>();
  const placeOf = (value: string | null): number => {
    if (value === null) return -1;
    const known = places.get(value);
    if (known !== undefined) return known;
    const label = matchLabel(value, labels);
    const place = label === undefined ? -1 : labels.indexOf(label);
    places.set(value, place);
    return place;
  };
  const kept = rows.filter(({ predicted, truth }) => placeOf(truth) >= 0 && placeOf(predicted) >= 0);
  const unknown = rows.length - kept.length;
  if (kept.length === 0) return { judged: null, unknown };
  const truth = Int32Array.from(kept, (row) => placeOf(row.truth));
  const classes = labels.length;
  const scored = kept.every(
    ({ scores }) => scores.length === classes && scores.every((score) => score !== null),
  );
  const probabilities = scored ? Float64Array.from(kept.flatMap(({ scores }) => scores as number[])) : null; // none is null
  return {
    judged: {
      task: "classification",
      truth,
      predicted: Int32Array.from(kept, (row) => placeOf(row.predicted)),
      classes,
      positive: classes === 2 ? positiveOf(labels, truth, as.positive) : null,
      probabilities,
    },
    unknown,
  };
}

/** The judged class of two: that of the reference, else the rarer one. */
function positiveOf(labels: readonly string[], truth: Int32Array, positive: string | null): number {
  if (positive !== null && labels.includes(positive)) return labels.indexOf(positive);
  const seconds = truth.reduce((sum, label) => sum + label, 0);
  return seconds * 2 <= truth.length ? 1 : 0;
}
