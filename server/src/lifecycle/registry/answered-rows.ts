import { fail, type Prediction, type Signature } from "@causeway/contract";
import { matchLabel } from "./class-labels.ts";
import type { Truth } from "./judge-classes.ts";

/** What one model answered to the judged rows: numbers, or class numbers with the probability of each class. */
export type Answers =
  | { readonly task: "regression"; readonly values: Float64Array }
  | {
      readonly task: "classification";
      readonly labels: Int32Array;
      /** Rows by classes, row after row; null where the model gives labels only. */
      readonly scores: Float64Array | null;
    };

/** Classes of a gate: those of both models, and what else occurs as truth, in the order in which they came. */
export type ClassNames = { readonly names: string[] };

/** The classes of two signatures under one numbering. */
export function classesOf(signatures: readonly Signature[]): ClassNames {
  return { names: [...new Set(signatures.flatMap(({ classes }) => classes))] };
}

/** Takes answers one at a time and keeps numbers only. */
export function collectAnswers(signature: Pick<Signature, "task" | "classes">, classes: ClassNames) {
  return signature.task === "regression" ? collectAmounts() : collectClasses(signature.classes, classes);
}

function collectAmounts() {
  const values: number[] = [];
  return {
    add({ value }: Prediction): void {
      if (typeof value !== "number" || !Number.isFinite(value)) throw noAnswer(value, values.length);
      values.push(value);
    },
    finish: (): Answers => ({ task: "regression", values: Float64Array.from(values) }),
  };
}

function collectClasses(own: readonly string[], classes: ClassNames) {
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
    finish(): Answers {
      const rows = labels.length;
      if (!scored) return { task: "classification", labels: Int32Array.from(labels), scores: null };
      const wide = new Float64Array(rows * classes.names.length);
      const places = own.map((name) => classes.names.indexOf(name));
      for (let row = 0; row < rows; row++)
        for (const [index, place] of places.entries())
          wide[row * classes.names.length + place] = scores[row * own.length + index] ?? Number.NaN;
      return { task: "classification", labels: Int32Array.from(labels), scores: wide };
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
