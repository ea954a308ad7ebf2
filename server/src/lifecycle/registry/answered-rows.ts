import { fail, type Prediction, type Signature } from "@causeway/contract";
import type { JudgedRows } from "@causeway/statistics";
import { matchLabel } from "./class-labels.ts";
import type { Truth } from "./judge-classes.ts";

/** What was true, and which class is judged, as far as it is known when all have answered. */
export type JudgedTruth = {
  readonly truth: Int32Array | Float64Array;
  /** The judged class of two, by its number. */
  readonly positive: number | null;
};

/** Takes the answers of one model. */
export type AnswerCollector = {
  readonly add: (prediction: Prediction) => void;
  /** The answers beside the truth; called when every class is known. */
  readonly finish: (judged: JudgedTruth) => JudgedRows;
};

/** Classes of a gate: those of both models, and what else occurs as truth, in the order in which they came. */
export type ClassNames = { readonly names: string[] };

/** The classes of two signatures under one numbering. */
export function classesOf(signatures: readonly Signature[]): ClassNames {
  return { names: [...new Set(signatures.flatMap(({ classes }) => classes))] };
}

/** Takes answers one at a time and keeps numbers only. */
export function collectAnswers(
  signature: Pick<Signature, "task" | "classes">,
  classes: ClassNames,
): AnswerCollector {
  return signature.task === "regression" ? collectAmounts() : collectClasses(signature.classes, classes);
}

function collectAmounts(): AnswerCollector {
  const values: number[] = [];
  return {
    add({ value }: Prediction): void {
      if (typeof value !== "number" || !Number.isFinite(value)) throw noAnswer(value, values.length);
      values.push(value);
    },
    finish: ({ truth }) => ({
      task: "regression",
      truth: Float64Array.from(truth),
      predicted: Float64Array.from(values),
    }),
  };
}

function collectClasses(own: readonly string[], classes: ClassNames): AnswerCollector {
  const labels: number[] = [];
  const scores: number[] = [];
  let scored = own.length > 0;
  return {
    add({ value, scores: given }: Prediction): void {
      if (value === null || Array.isArray(value)) throw noAnswer(value, labels.length);
      labels.push(classNumber(value, classes));
      scored &&= given !== undefined;
      for (const name of own) scores.push(given?.[name] ?? Number.NaN);
    },
    finish({ truth, positive }) {
      const count = classes.names.length;
      const judged = {
        task: "classification" as const,
        truth: Int32Array.from(truth),
        predicted: Int32Array.from(labels),
        classes: count,
        positive,
      };
      if (!scored) return { ...judged, probabilities: null };
      const probabilities = new Float64Array(labels.length * count);
      const places = own.map((name) => classes.names.indexOf(name));
      for (let row = 0; row < labels.length; row++)
        for (const [index, place] of places.entries())
          probabilities[row * count + place] = scores[row * own.length + index] ?? Number.NaN;
      return { ...judged, probabilities };
    },
  };
}

/** The number of the class that a label means; a class that was never seen gets the next one. */
export function classNumber(value: string | number | boolean, { names }: ClassNames): number {
  const label = matchLabel(value, names);
  if (label !== undefined) return names.indexOf(label);
  names.push(String(value));
  return names.length - 1;
}

/** The truth of a regression as a number. */
export function amountOf(truth: Truth, target: string): number {
  if (typeof truth === "number") return truth;
  throw fail("BAD_DATA", {
    message: `The target ${target} has the value "${truth}", which is no number, and the model predicts numbers`,
    field: target,
    value: truth,
    help: "Name the column that the model predicts as target.",
  });
}

function noAnswer(value: unknown, row: number): Error {
  return fail("BAD_MODEL", {
    message: `The model answers row ${row} with ${JSON.stringify(value)}, which cannot be judged`,
    value,
    help: "Register a model whose answers fit the task of its signature.",
  });
}
