import { fail, type Prediction, type Signature } from "@causeway/contract";
import { exactNumber, type Tensor, type TensorInfo } from "../runtimes/index.ts";
import { scoresOfLogits } from "./class-scores.ts";

/** How a model's output tensors are read as predictions. Plain data: it is decided once, where the model is loaded. */
export type Reading =
  | { readonly kind: "values"; readonly output: string }
  /** Whatever outputs come: one is the value, several are one JSON text by name. */
  | { readonly kind: "any" }
  | {
      readonly kind: "classes";
      /** The output with the chosen class; null where the highest score chooses. */
      readonly label: string | null;
      readonly scores: string | null;
      /** Class names as the signature writes them, in the order of the scores. */
      readonly classes: readonly string[];
      /** The same classes as the label output writes them. */
      readonly labels: readonly string[];
      /** True where the output of the scores holds logits. */
      readonly logits: boolean;
    };

const REALS = new Set(["FP16", "FP32", "FP64"]);

/** Decides which outputs hold the class, the scores or the value; refuses a model that has none of them. */
export function decideReading(
  outputs: readonly TensorInfo[],
  signature: Signature,
  labels: readonly string[] | null,
): Reading {
  if (signature.task !== "classification") {
    const output =
      signature.task === "regression"
        ? outputs.find((candidate) => REALS.has(candidate.datatype))
        : undefined;
    const chosen = output ?? outputs[0];
    if (chosen) return { kind: "values", output: chosen.name };
    throw fail("BAD_MODEL", { message: "the model has no output", help: "export it with its prediction" });
  }
  const named = labels ?? signature.classes;
  const classes = classNames(named, signature.classes);
  const label = outputs.find(
    (output) =>
      !REALS.has(output.datatype) &&
      (output.shape.length < 2 || output.shape[1] === 1 || output.shape[1] === -1),
  );
  const scores = outputs.find(
    (output) =>
      REALS.has(output.datatype) && holdsScores(output.shape.at(-1), output.shape.length, classes.length),
  );
  if (!label && !scores) {
    throw fail("BAD_MODEL", {
      message: `the model has neither a class nor ${classes.length} scores among its outputs: ${outputs
        .map((output) => `${output.name} ${output.datatype} [${output.shape.join(", ")}]`)
        .join("; ")}`,
      field: "signature.classes",
      help: "list every class in the signature, in the order of the model's scores",
    });
  }
  return {
    kind: "classes",
    label: label?.name ?? null,
    scores: scores?.name ?? null,
    classes,
    labels: named,
    logits: signature.logits === true,
  };
}

/** A score per class, or for two classes the second one's alone; an unknown size is believed. */
function holdsScores(size: number | undefined, dimensions: number, classes: number): boolean {
  if (size === undefined || size === -1) return true;
  if (dimensions < 2) return classes === 2;
  return size === classes || (size === 1 && classes === 2);
}

function classNames(labels: readonly string[], classes: readonly string[]): readonly string[] {
  if (classes.length === 0) return labels;
  if (labels.length !== classes.length) {
    throw fail("BAD_MODEL", {
      message: `the model has ${labels.length} classes (${labels.join(", ")}), the signature ${classes.length} (${classes.join(", ")})`,
      field: "signature.classes",
      help: "give the classes that the model was trained on",
    });
  }
  return labels.every((label) => classes.includes(label)) ? labels : classes;
}

/** The prediction for one row of a batch. */
export function readPrediction(reading: Reading, tensors: readonly Tensor[], row: number): Prediction {
  if (reading.kind === "any") return { value: anyValueAt(tensors, row) };
  if (reading.kind === "values") return { value: valueAt(tensorNamed(tensors, reading.output), row) };
  const scores =
    reading.scores === null ? null : scoresOf(tensorNamed(tensors, reading.scores), row, reading);
  if (!scores) return { value: classOf(reading, tensors, row) };
  const named: Record<string, number> = {};
  let best = 0;
  for (let index = 0; index < reading.classes.length; index++) {
    const score = scores[index] ?? Number.NaN;
    if (Number.isFinite(score)) named[reading.classes[index] ?? ""] = score;
    if (score > (scores[best] ?? Number.NaN)) best = index;
  }
  const value = reading.label === null ? (reading.classes[best] ?? null) : classOf(reading, tensors, row);
  return { value, scores: named };
}

type ClassReading = Extract<Reading, { kind: "classes" }>;

function classOf(reading: ClassReading, tensors: readonly Tensor[], row: number): string {
  const tensor = tensorNamed(tensors, reading.label ?? "");
  const raw = tensor.data[row * tensor.width];
  const text = tensor.datatype === "BOOL" ? booleanLabel(raw, reading.labels) : String(raw);
  const index = reading.labels.indexOf(text);
  if (index >= 0) return reading.classes[index] ?? text;
  // A network's arg-max output gives the place of a class, not its name.
  return (typeof raw === "string" ? undefined : reading.classes[Number(raw)]) ?? text;
}

function booleanLabel(raw: unknown, labels: readonly string[]): string {
  const spellings = raw ? ["true", "True", "1"] : ["false", "False", "0"];
  return spellings.find((spelling) => labels.includes(spelling)) ?? String(Boolean(raw));
}

function scoresOf(tensor: Tensor, row: number, { logits }: ClassReading): number[] {
  const from = row * tensor.width;
  const scores: number[] = [];
  for (let index = 0; index < tensor.width; index++) scores.push(Number(tensor.data[from + index]));
  if (logits) return scoresOfLogits(scores);
  const [second = Number.NaN] = scores;
  return tensor.width === 1 ? [1 - second, second] : scores;
}

function anyValueAt(tensors: readonly Tensor[], row: number): Prediction["value"] {
  const [only] = tensors;
  if (only && tensors.length === 1) return valueAt(only, row);
  return JSON.stringify(Object.fromEntries(tensors.map((tensor) => [tensor.name, nativeAt(tensor, row)])));
}

/** What a model gave for a row, nested as it gave it; no number that JSON does not know. */
export function nativeAt(tensor: Tensor, row: number): unknown {
  const flat: unknown[] = [];
  for (let index = 0; index < tensor.width; index++) {
    flat.push(elementOf(tensor, tensor.data[row * tensor.width + index]));
  }
  return nested(flat, tensor.rowShape);
}

function nested(flat: readonly unknown[], [size, ...rest]: readonly number[]): unknown {
  if (size === undefined) return flat[0] ?? null;
  const step = rest.reduce((product, dimension) => product * dimension, 1);
  return Array.from({ length: size }, (_, index) =>
    nested(flat.slice(index * step, (index + 1) * step), rest),
  );
}

function elementOf({ datatype, json }: Tensor, raw: unknown): unknown {
  if (json && typeof raw === "string") return JSON.parse(raw);
  if (datatype === "BOOL") return Boolean(raw);
  if (typeof raw === "bigint") return exactNumber(raw);
  return typeof raw === "number" && !Number.isFinite(raw) ? null : (raw ?? null);
}

function valueAt(tensor: Tensor, row: number): Prediction["value"] {
  const from = row * tensor.width;
  if (tensor.width !== 1) {
    return Array.from({ length: tensor.width }, (_, index) => Number(tensor.data[from + index]));
  }
  const raw = tensor.data[from];
  if (raw === undefined) return null;
  if (tensor.json && typeof raw === "string") return plainOf(raw);
  if (tensor.datatype === "BOOL") return Boolean(raw);
  if (typeof raw === "bigint") return Number.isSafeInteger(Number(raw)) ? Number(raw) : String(raw);
  if (typeof raw === "number" && !Number.isFinite(raw)) return String(raw);
  return raw;
}

/** A number, a text or a list of numbers that came as JSON is one; everything else stays its text. */
function plainOf(text: string): Prediction["value"] {
  const value: unknown = JSON.parse(text);
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  return Array.isArray(value) && value.every((one) => typeof one === "number") ? value : text;
}

function tensorNamed(tensors: readonly Tensor[], name: string): Tensor {
  const tensor = tensors.find((candidate) => candidate.name === name);
  if (tensor) return tensor;
  throw fail("INTERNAL", { message: `the model gave no output ${name}` });
}
