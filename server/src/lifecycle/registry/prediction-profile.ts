import type { Prediction } from "@causeway/contract";
import { referenceEdges, summarizeCategories, summarizeNumbers } from "@causeway/statistics";
import { keptSummary } from "../data/index.ts";
import type { ReferenceProfile } from "./reference-profile.ts";

/** Takes predictions one at a time and keeps a number, or the place of a label, of each. */
export type PredictionProfile = {
  readonly add: (prediction: Prediction) => void;
  readonly finish: (judged: { target: string; positive: string | null }) => ReferenceProfile["prediction"];
};

/** Makes the profile of a model's answers: of the judged class's score where there is one, else of the values. */
export function createPredictionProfile(): PredictionProfile {
  const scores = new Map<string, (number | null)[]>();
  const amounts: (number | null)[] = [];
  const labels: (string | null)[] = [];
  let isAmount = true;

  function add({ value, scores: own }: Prediction): void {
    for (const [label, score] of Object.entries(own ?? {})) {
      const column = scores.get(label) ?? [];
      column.push(score);
      scores.set(label, column);
    }
    isAmount &&= own === undefined && typeof value === "number";
    if (isAmount) amounts.push(typeof value === "number" ? value : null);
    labels.push(value === null || Array.isArray(value) ? null : String(value));
  }

  function finish({ target, positive }: { target: string; positive: string | null }) {
    const score = positive === null ? undefined : scores.get(positive);
    if (positive !== null && score !== undefined)
      return { title: `score of ${positive}`, score: positive, summary: summaryOf(score) };
    if (isAmount) return { title: `predicted ${target}`, score: null, summary: summaryOf(amounts) };
    const summary = keptSummary(summarizeCategories(labels));
    return { title: `predicted ${target}`, score: null, summary };
  }

  return { add, finish };
}

function summaryOf(values: readonly (number | null)[]) {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const edges = referenceEdges(Float64Array.from(finite).sort());
  return keptSummary(summarizeNumbers(values, edges));
}
