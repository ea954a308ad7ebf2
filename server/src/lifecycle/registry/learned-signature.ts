import type { Prediction, Signature } from "@causeway/contract";
import type { ModelInspection } from "./model-inspection.ts";

/** A signature with what a loaded model says of itself: the classes that it tells apart, or that it gives one number. */
export function learnSignature(
  signature: Signature,
  { labels, outputs, logits = false }: Pick<ModelInspection, "labels" | "outputs" | "logits">,
): Signature {
  if (labels !== null && labels.length > 1)
    return { ...signature, task: "classification", classes: labels, ...(logits ? { logits } : {}) };
  const [only] = outputs;
  const isNumber =
    outputs.length === 1 &&
    only !== undefined &&
    /^FP(16|32|64)$/.test(only.datatype) &&
    only.shape.slice(1).every((size) => size === 1);
  return { ...signature, task: isNumber ? "regression" : "other", classes: [] };
}

/** Two answers differ by floating point at most. */
const TOLERANCE = 1e-6;

/** True where a model gave the same answers twice. */
export function isRepeatable(first: readonly Prediction[], second: readonly Prediction[]): boolean {
  return first.length === second.length && first.every((answer, index) => isNear(answer, second[index]));
}

function isNear(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number")
    return Object.is(a, b) || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const names = Object.keys(a);
  const others = new Map(Object.entries(b));
  return (
    names.length === others.size &&
    Object.entries(a).every(([name, value]) => isNear(value, others.get(name)))
  );
}
