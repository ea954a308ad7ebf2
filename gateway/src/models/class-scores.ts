import { fail, type Prediction } from "@causeway/contract";
import type { TensorInfo } from "../runtimes/index.ts";

/** The classes behind a model's numbers, in their order; with `logits` the numbers are no scores yet. */
export type ScoredClasses = { readonly labels: readonly string[]; readonly logits: boolean };

/** Probabilities of single precision add up to one within this. */
const SUM_TOLERANCE = 1e-3;

/**
 * Finds the classes of a model that gives numbers alone, by its answers to its own example: those that it was logged with by
 * name, or, where every row is a list of probabilities, their places. Null where the numbers may as well be amounts.
 */
export function findClasses(model: {
  readonly outputs: readonly TensorInfo[];
  readonly answers: readonly Prediction[];
  /** Names that it was logged with; empty where it was logged without. */
  readonly named: readonly string[];
}): ScoredClasses | null {
  const { outputs, answers, named } = model;
  const [only] = outputs;
  const rows = answers.flatMap(({ value }) => numbersOf(value) ?? []);
  if (only === undefined || outputs.length > 1 || !/^FP/.test(only.datatype)) return null;
  if (only.shape.length > 2 || rows.length === 0 || rows.length < answers.length) return null;
  const width = only.shape[1] ?? 1;
  if (named.length === 0) {
    const isTold = width > 1 && rows.every((scores) => isDistribution(scores));
    return isTold ? { labels: Array.from({ length: width }, (_, at) => String(at)), logits: false } : null;
  }
  if (width !== named.length && !(width === 1 && named.length === 2)) throw otherCount(width, named);
  return { labels: named, logits: rows.some((scores) => scores.some((score) => score < 0 || score > 1)) };
}

/** Logits as scores that add up to one; a single one is that of the second of two classes. */
export function scoresOfLogits(logits: readonly number[]): number[] {
  if (logits.length === 1) {
    const second = 1 / (1 + Math.exp(-(logits[0] ?? Number.NaN)));
    return [1 - second, second];
  }
  const greatest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - greatest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** One row of numbers in a list of its own; null where the answer is something else. */
function numbersOf(value: Prediction["value"]): number[][] | null {
  if (typeof value === "number") return [[value]];
  return Array.isArray(value) ? [value] : null;
}

function isDistribution(scores: readonly number[]): boolean {
  const sum = scores.reduce((total, score) => total + score, 0);
  return scores.every((score) => score >= 0 && score <= 1) && Math.abs(sum - 1) <= SUM_TOLERANCE;
}

function otherCount(width: number, named: readonly string[]) {
  return fail("BAD_MODEL", {
    message: `the model gives ${width} numbers for each row, and was logged with ${named.length} classes: ${named.join(", ")}`,
    field: "metadata.classes",
    value: named.length,
    help: 'log it with every class in the order of its outputs: log_model(..., metadata={"classes": [...]})',
  });
}
