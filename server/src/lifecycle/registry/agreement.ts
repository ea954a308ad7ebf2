import type { Prediction } from "@causeway/contract";
import type { JudgedClasses, JudgedRows } from "@causeway/statistics";
import { matchLabel } from "./class-labels.ts";
import type { Agreement, GoldenPair } from "./gates/index.ts";

/** How alike two versions answer the same rows. Numbers differ in standard deviations of the champion's answers. */
export function agreementOf(given: {
  readonly challenger: JudgedRows;
  readonly champion: JudgedRows | null;
  readonly golden: readonly GoldenPair[];
}): Agreement {
  const { challenger, champion, golden } = given;
  if (champion === null) throw new Error("without a champion there is nothing to agree with");
  const unit = champion.task === "regression" ? deviation(champion.predicted) : 1;
  const rows = challenger.truth.length;
  let sum = 0;
  let most = 0;
  for (let row = 0; row < rows; row++) {
    const distance = distanceAt(row, { challenger, champion, unit });
    sum += distance;
    most = Math.max(most, distance);
  }
  return {
    mean: sum / Math.max(rows, 1),
    most,
    golden: (within) => ({
      same: golden.filter(({ row, answer }) =>
        isSameAnswer([row.prediction.value, answer.value], within * unit),
      ).length,
      of: golden.length,
    }),
  };
}

function distanceAt(row: number, of: { challenger: JudgedRows; champion: JudgedRows; unit: number }): number {
  const { challenger, champion, unit } = of;
  if (challenger.task === "classification" && champion.task === "classification")
    return classDistance(row, challenger, champion);
  const far = Math.abs((challenger.predicted[row] ?? Number.NaN) - (champion.predicted[row] ?? Number.NaN));
  return far === 0 ? 0 : far / unit;
}

/** Total variation of the classes' probabilities; of labels 0 or 1. */
function classDistance(row: number, challenger: JudgedClasses, champion: JudgedClasses): number {
  const [own, other] = [challenger.probabilities, champion.probabilities];
  if (own === null || other === null) return challenger.predicted[row] === champion.predicted[row] ? 0 : 1;
  const { classes } = challenger;
  let distance = 0;
  for (let i = row * classes; i < (row + 1) * classes; i++)
    distance += Math.abs((own[i] ?? 0) - (other[i] ?? 0));
  return distance / 2;
}

function isSameAnswer([one, other]: [Prediction["value"], Prediction["value"]], within: number): boolean {
  if (typeof one === "number" && typeof other === "number") return Math.abs(one - other) <= within;
  if (one === null || other === null || Array.isArray(one) || Array.isArray(other)) return one === other;
  return matchLabel(other, [String(one)]) !== undefined;
}

/** Standard deviation of the values. */
function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
