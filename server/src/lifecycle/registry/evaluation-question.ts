import {
  type Column,
  fail,
  type ModelVersion,
  type Signature,
  type SignatureInput,
} from "@causeway/contract";
import { matchLabel } from "./class-labels.ts";
import { presentInputs } from "./dataset-columns.ts";
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

/** A model that is to be asked about rows, and how sentences call it, for example `version 3 of churn`. */
type AskedModel = { readonly title: string; readonly signature: Signature };

/** The rows that a model is to be judged on, and by what. */
type JudgedBy = Omit<EvaluationQuestion, "version">;

/** Refuses what cannot be judged: a model that cannot be asked yet, rows that lack a column or were trained on, or no rows. */
export function checkEvaluationQuestion({ version, ...by }: EvaluationQuestion): void {
  if (version.preparation.state !== "ready") throw notPrepared(version);
  const { model, version: number, signature } = version;
  checkJudgedRows({ title: `version ${number} of ${model}`, signature }, by);
  refuseSeen(version, by.dataset, "dataset");
}

/** Refuses rows that a model cannot be given by the names and types of its own signature. */
export function checkJudgedRows(model: AskedModel, by: JudgedBy): void {
  const { dataset, target, positive } = by;
  if (model.signature.inputs.length === 0) throw noColumns(model);
  if (!dataset.schema.some(({ name }) => name === target)) throw noTarget(dataset, target);
  const { schema } = dataset;
  const byName = new Map(schema.map((column) => [column.name, column]));
  const found = presentInputs(model.signature, { schema, beside: [target, dataset.key] });
  const present = new Map(found.map(({ name, from = name }) => [name, byName.get(from)]));
  for (const input of model.signature.inputs) {
    const column = present.get(input.name);
    if (input.type === "tensor" && column?.type !== "string") throw isTensor(model, input);
    if (column !== undefined) checkType(column, input, { dataset, model });
    else if (input.optional !== true) throw notThere(model, { ...by, input });
  }
  const { classes } = model.signature;
  if (positive !== null && classes.length > 0 && matchLabel(positive, classes) === undefined)
    throw noClass(positive, model);
  if (dataset.rows === 0) throw noRows(dataset);
}

/** Text is no number, and a number is no truth value: the database would end in the midst of the rows. */
function checkType(
  { name, type }: Column,
  input: SignatureInput,
  { dataset, model }: { dataset: JudgedDataset; model: AskedModel },
): void {
  const isNumber = type === "integer" || type === "double" || type === "boolean";
  if (isNumber || input.type === "string" || input.type === "tensor" || input.type === "json") return;
  throw fail("BAD_DATA", {
    message: `${titleOf(dataset)} holds ${name} as ${type}, and ${model.title} reads it as ${input.type}`,
    field: name,
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

function noColumns({ title }: AskedModel): Error {
  return fail("BAD_MODEL", {
    message: `The signature of ${title} names no columns, so it is not known what to give it`,
    field: "signature",
    value: title,
    help: "Log the model with a signature (infer_signature in MLflow) and register it again.",
  });
}

function isTensor({ title }: AskedModel, { name, tensor }: SignatureInput): Error {
  const shape = tensor === undefined ? "" : ` of the shape [${tensor.shape.join(", ")}]`;
  return fail("BAD_MODEL", {
    message: `${capital(title)} reads ${name} as a tensor${shape}, which no column of numbers holds`,
    field: name,
    value: "tensor",
    help: `Give the dataset a text column ${name} with a list in JSON for each row: the answers are watched then, and not the tensor.`,
  });
}

/** A tensor without a name has places for names: what a table must be like to be read by them. */
function notThere(
  { title, signature }: AskedModel,
  { dataset, target, input: { name, element } }: JudgedBy & { readonly input: SignatureInput },
): Error {
  if (element?.tensor !== null) return noColumn(dataset, name, `which ${title} reads`);
  const wanted = signature.inputs.filter((input) => input.element?.tensor === null);
  const free = dataset.schema.filter((column) => column.name !== target && column.name !== dataset.key);
  return fail("BAD_DATA", {
    message: `${capital(title)} reads a tensor of ${wanted.length} numbers without names, and ${titleOf(dataset)} has ${free.length} columns beside ${[target, ...(dataset.key === null ? [] : [dataset.key])].join(" and ")}`,
    field: name,
    value: free.length,
    help: `Name a dataset with exactly ${wanted.length} such columns in the order of the tensor, or with columns called ${name} to ${wanted.at(-1)?.name}.`,
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

function noClass(positive: string, { signature }: AskedModel): Error {
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

/** As the beginning of a sentence. */
function capital(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
