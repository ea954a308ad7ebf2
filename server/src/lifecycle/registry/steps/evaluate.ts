import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Column, fail, ModelFormat, type Signature } from "@causeway/contract";
import { z } from "zod";
import {
  defineLibraryStep,
  type LibraryStepContext,
  type LibraryStepResult,
  type StepInput,
} from "../../pipelines/index.ts";
import type { EvaluationDocument } from "../evaluation-document.ts";
import type { ModelInspection } from "../model-inspection.ts";
import { createModelProgram, type ModelOnDisk, type ModelProgram } from "../model-program.ts";
import { chooseInputs } from "../signature-inputs.ts";
import { summarize } from "../summary.ts";
import { isMlflow, judgeMlflowModel } from "./evaluate-mlflow.ts";
import { type EvaluationRows, openEvaluationRows } from "./evaluation-rows.ts";
import { judgeRows } from "./judge-rows.ts";

const Params = z.object({
  target: z.string().min(1),
  /** The judged class of two; the rarer one unless given. */
  positive: z.string().nullable().default(null),
  /** Read from the model and the target unless given. */
  task: z.enum(["classification", "regression"]).nullable().default(null),
  /** The columns of a model with one wide input, in its order. */
  features: z.array(z.string()).nullable().default(null),
});
type Params = z.infer<typeof Params>;

/** A classifier whose file carries no labels has at most this many classes. */
const MOST_CLASSES = 1000;

/** Judges a model on rows that it has not seen, with the runtimes that will serve it. */
export const evaluate = defineLibraryStep({
  name: "evaluate",
  version: "2",
  async run(context) {
    const params = Params.parse(context.params);
    const model = modelInput(context.inputs["model"]);
    const { dataset, paths, subject } = datasetInput(context.inputs["rows"]);
    checkTarget(dataset.schema, params.target);
    if (model.format === "mlflow") {
      const rows = { dataset, paths, subject };
      return keep(context, await judgeMlflowModel({ context, params, model, rows }));
    }
    const models = createModelProgram(context.modelProgram);
    const rows = await openEvaluationRows({
      paths,
      schema: dataset.schema,
      target: params.target,
      temporary: context.folder,
    });
    try {
      return await keep(context, await judge({ context, params, model, models, rows, dataset, subject }));
    } finally {
      rows.close();
    }
  },
});

async function keep(context: LibraryStepContext, document: EvaluationDocument): Promise<LibraryStepResult> {
  await writeFile(outputPath(context), JSON.stringify(document));
  context.log(Object.fromEntries(document.metrics.map(({ name, value }) => [name, value])));
  return { summary: summarize(document) };
}

type Judging = {
  readonly context: LibraryStepContext;
  readonly params: Params;
  readonly model: ModelOnDisk & { readonly digest: string };
  readonly models: ModelProgram;
  readonly rows: EvaluationRows;
  readonly dataset: NonNullable<StepInput["dataset"]>;
  /** REST path of the dataset version. */
  readonly subject: string;
};

async function judge(judging: Judging): Promise<EvaluationDocument> {
  const { context, params, model, models, rows, dataset, subject } = judging;
  const { total, judged } = await rows.count();
  if (judged === 0) throw noRows(params.target, total);
  if (judged < total)
    context.print(`${total - judged} of ${total} rows have no ${params.target} and are not judged`);

  const inspection = await models.inspect(model, context.signal);
  const columns = chooseInputs(inspection, {
    columns: dataset.schema,
    target: params.target,
    key: dataset.key,
    features: params.features,
    picks: model.format === "ydf",
  });
  const signature: Signature = {
    ...(await decideTask({ inspection, params, rows, schema: dataset.schema })),
    target: params.target,
    inputs: await rows.describe(columns),
  };
  const signatureFile = join(context.folder, "signature.json");
  await writeFile(signatureFile, JSON.stringify(signature));

  return judgeRows({
    model: { ...model, signatureFile },
    models,
    rows,
    judged,
    columns,
    signature,
    target: params.target,
    positive: params.positive,
    dataset: { name: dataset.name, version: dataset.version, subject },
    signal: context.signal,
  });
}

/** A file with labels is a classifier; without, the target tells: numbers are amounts, all else are classes. */
async function decideTask(known: {
  inspection: ModelInspection;
  params: Params;
  rows: EvaluationRows;
  schema: readonly Column[];
}): Promise<Pick<Signature, "task" | "classes">> {
  const { inspection, params, rows, schema } = known;
  const type = schema.find(({ name }) => name === params.target)?.type;
  const isAmount = type === "integer" || type === "double";
  const isClassifier = inspection.labels !== null || !isAmount;
  const task = params.task ?? (isClassifier ? "classification" : "regression");
  if (task === "regression") return { task, classes: [] };
  return {
    task,
    classes: inspection.labels === null ? await rows.targetValues(MOST_CLASSES) : [...inspection.labels],
  };
}

function modelInput(input: StepInput | undefined): ModelOnDisk & { digest: string } {
  const [path] = input?.paths ?? [];
  if (input === undefined || path === undefined)
    throw fail("BAD_PIPELINE", { message: "evaluate needs a model" });
  if (isMlflow(input)) return { format: "mlflow", path, digest: input.digest };
  const format = ModelFormat.safeParse(input.format);
  if (format.success) return { format: format.data, path, digest: input.digest };
  throw fail("BAD_PIPELINE", {
    message: "The model that evaluate is given does not say its format",
    field: "model",
    value: input.format,
    help: 'Declare it where the model is made: output: { model: model("onnx") }.',
  });
}

function datasetInput(input: StepInput | undefined): {
  dataset: NonNullable<StepInput["dataset"]>;
  paths: readonly string[];
  subject: string;
} {
  if (input?.dataset !== undefined)
    return { dataset: input.dataset, paths: input.paths, subject: input.subject };
  throw fail("BAD_PIPELINE", {
    message: "evaluate needs a dataset as rows",
    field: "rows",
    help: "Give it the part of a split that the model was not trained on.",
  });
}

function outputPath({ outputs }: LibraryStepContext): string {
  const path = outputs["report"];
  if (path === undefined) throw fail("BAD_PIPELINE", { message: "evaluate writes one output, report" });
  return path;
}

function checkTarget(schema: readonly Column[], target: string): void {
  if (schema.some(({ name }) => name === target)) return;
  throw fail("INVALID_FIELD", {
    message: `The rows have no column ${target} to judge by`,
    field: "target",
    value: target,
    help: `They have ${schema.map(({ name }) => name).join(", ")}.`,
  });
}

function noRows(target: string, total: number): Error {
  return fail("BAD_DATA", {
    message: `None of the ${total} rows has a ${target}, so there is nothing to judge by`,
    field: target,
    value: total,
    help: "Give evaluate rows whose target is known.",
  });
}
