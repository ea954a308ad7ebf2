import type { JudgedPrediction, Signature, TruthValue } from "@causeway/contract";

/** Whether an answer turned out wrong; undefined where truth is not known or the answer is an amount, which is never exactly right. */
export function isWrong({
  prediction,
  truth,
}: Pick<JudgedPrediction, "prediction" | "truth">): boolean | undefined {
  if (truth === null || truth.value === null) return undefined;
  if (typeof prediction.value === "number" && prediction.scores === undefined) return undefined;
  return String(truth.value) !== String(prediction.value);
}

/** The truth that a person typed, as the model's target is typed; undefined where it cannot be read. */
export function truthValueOf(text: string, task: Signature["task"]): TruthValue | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (task !== "regression") return trimmed;
  const value = Number(trimmed.replace(",", "."));
  return Number.isFinite(value) ? value : undefined;
}
