import { type Column, fail, type ModelVersion, type SignatureInput } from "@causeway/contract";
import { matchLabel } from "./class-labels.ts";
import { type JudgedDataset, noColumn, refuseSeen, titleOf } from "./judged-dataset.ts";

type JudgedVersion = Pick<
  ModelVersion,
  "model" | "version" | "format" | "signature" | "preparation" | "record"
>;

/** What a registered version is to be judged on. */
export type EvaluationQuestion = {
  readonly version: JudgedVersion;
  readonly dataset: JudgedDataset & { readonly rows: number };
  readonly target: string;
  readonly positive: string | null;
};

/** Refuses what cannot be judged: a model that cannot be asked yet, rows that lack a column or were trained on, or no rows. */
export function checkEvaluationQuestion(question: EvaluationQuestion): void {
  const { version, dataset, target, positive } = question;
  if (version.preparation.state !== "ready") throw notPrepared(version);
  if (version.signature.inputs.length === 0) throw noColumns(version);
  if (!dataset.schema.some(({ name }) => name === target)) throw noTarget(dataset, target);
  const byName = new Map(dataset.schema.map((column) => [column.name, column]));
  for (const input of version.signature.inputs) {
    const column = byName.get(input.name);
    if (input.type === "tensor") throw isTensor(version, input);
    if (column !== undefined) checkType(column, input, question);
    else if (input.optional !== true)
      throw noColumn(dataset, input.name, `which version ${version.version} of ${version.model} reads`);
  }
  const { classes } = version.signature;
  if (positive !== null && classes.length > 0 && matchLabel(positive, classes) === undefined)
    throw noClass(positive, version);
  refuseSeen(version, dataset, "dataset");
  if (dataset.rows === 0) throw noRows(dataset);
}

/** The inputs that the rows have; one that a request may leave out may be absent. */
export function presentInputs(
  { signature }: Pick<ModelVersion, "signature">,
  schema: readonly Column[],
): SignatureInput[] {
  const names = new Set(schema.map(({ name }) => name));
  return signature.inputs.filter(({ name }) => names.has(name));
}

/** Text is no number, and a number is no truth value: the database would end in the midst of the rows. */
function checkType({ type }: Column, input: SignatureInput, { dataset, version }: EvaluationQuestion): void {
  const isNumber = type === "integer" || type === "double" || type === "boolean";
  if (isNumber || input.type === "string" || input.type === "json") return;
  throw fail("BAD_DATA", {
    message: `${titleOf(dataset)} holds ${input.name} as ${type}, and version ${version.version} of ${version.model} reads it as ${input.type}`,
    field: input.name,
    value: type,
    help: `Import the column as ${input.type}: npx --no causeway data import --help shows how types and missing values are named.`,
  });
}

function notPrepared({ model, version, preparation }: JudgedVersion): Error {
  const { state, problem } = preparation;
  return fail("CONFLICT", {
    message: `Version ${version} of ${model} cannot be asked: its preparation ${state === "preparing" ? "is under way" : `${state}${problem === null ? "" : `: ${problem}`}`}`,
    field: "version",
    value: version,
    help:
      state === "preparing"
        ? `npx --no causeway registry show ${model} ${version} shows how far it is; evaluate it when it is ready.`
        : `npx --no causeway registry prepare ${model} ${version} prepares it again.`,
  });
}

function noColumns({ model, version }: JudgedVersion): Error {
  return fail("BAD_MODEL", {
    message: `The signature of version ${version} of ${model} names no columns, so it is not known what to give it`,
    field: "version",
    value: version,
    help: "Log the model with a signature (infer_signature in MLflow) and register it again.",
  });
}

function isTensor({ model, version }: JudgedVersion, { name }: SignatureInput): Error {
  return fail("BAD_MODEL", {
    message: `Version ${version} of ${model} reads ${name} as a tensor, which a column of a dataset does not hold`,
    field: name,
    value: "tensor",
    help: "Log the model with a signature of columns: give infer_signature a data frame.",
  });
}

function noTarget(dataset: JudgedDataset, target: string): Error {
  return fail("INVALID_FIELD", {
    message: `${titleOf(dataset)} has no column ${target} to judge by`,
    field: "target",
    value: target,
    help: `It has ${dataset.schema.map(({ name }) => name).join(", ")}.`,
  });
}

function noClass(positive: string, { signature }: JudgedVersion): Error {
  return fail("INVALID_FIELD", {
    message: `The positive class ${positive} is none of the model's classes ${signature.classes.join(", ")}`,
    field: "positive",
    value: positive,
    help: "Name one of them.",
  });
}

function noRows(dataset: JudgedDataset): Error {
  return fail("BAD_DATA", {
    message: `${titleOf(dataset)} has no rows, so there is nothing to judge by`,
    field: "dataset",
    value: titleOf(dataset),
    help: "Name a version of the dataset that has rows whose truth is known.",
  });
}
