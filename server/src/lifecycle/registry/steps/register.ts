import { copyFile, cp, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  Digest,
  fail,
  type Json,
  type ModelFile,
  ModelFormat,
  ModelName,
  OutputFile,
} from "@causeway/contract";
import { z } from "zod";
import type { Call } from "../../../platform/access/index.ts";
import type { Tx } from "../../../platform/database/index.ts";
import {
  defineLibraryCommit,
  defineLibraryStep,
  type LibraryCommit,
  type LibraryCommitContext,
  type LibraryStepContext,
  type StepInput,
} from "../../pipelines/index.ts";
import { EvaluationDocument } from "../evaluation-document.ts";
import { ML_MODEL_FILE, readMlModel, signatureOf } from "../mlmodel.ts";
import type { PreparationService } from "../preparation-service.ts";
import { versionPath } from "../registry-paths.ts";
import type { Registry } from "../registry-service.ts";
import type { TrainingRun } from "../training-run-service.ts";
import type { NewVersion } from "../version-service.ts";
import { widenSignature } from "../widen-signature.ts";
import { isMlflow } from "./evaluate-mlflow.ts";

const Params = z.object({ name: ModelName, description: z.string().max(10_000).default("") });

/** The formats of models that are one file. */
const FileFormat = ModelFormat.exclude(["mlflow"]);

/** What the step hands to its commit: written and read by this file, in two processes. */
const FileRegistration = z.object({
  name: ModelName,
  description: z.string(),
  format: FileFormat,
  digest: Digest,
  bytes: z.int(),
  document: EvaluationDocument,
});
type FileRegistration = z.infer<typeof FileRegistration>;

/** The same of a folder of MLflow, which is judged or not. */
const FolderRegistration = z.object({
  name: ModelName,
  description: z.string(),
  format: z.literal("mlflow"),
  files: z.array(OutputFile),
  /** The text of its `MLmodel`. */
  mlModel: z.string(),
  document: EvaluationDocument.nullable(),
});
type FolderRegistration = z.infer<typeof FolderRegistration>;

const Registration = z.discriminatedUnion("format", [FolderRegistration, FileRegistration]);

/** How the one file of a version is called. */
const FILE_NAMES: Readonly<Record<z.infer<typeof FileFormat>, string>> = {
  onnx: "model.onnx",
  ydf: "model.zip",
};

/** Registers a model as the next version of a name; the version itself is made by the commit. */
export const register = defineLibraryStep({
  name: "register",
  version: "1",
  async run(context) {
    const [model] = onlyPath(context.inputs["model"], "model");
    return { commit: isMlflow(model) ? await describeFolder(context) : await describeFile(context) };
  },
});

async function describeFile({ params, inputs, outputs }: LibraryStepContext): Promise<Json> {
  const { name, description } = Params.parse(params);
  const [model, path] = onlyPath(inputs["model"], "model");
  const document = await reportOn(model, onlyPath(inputs["report"], "report"));
  const format = FileFormat.safeParse(model.format);
  if (!format.success) throw noFormat(model.format);
  const { size } = await stat(path);
  const version = outputs["version"];
  if (version !== undefined) await copyFile(path, version);
  const shared = { name, description, document };
  const registration: FileRegistration = {
    ...shared,
    format: format.data,
    digest: model.digest,
    bytes: size,
  };
  return registration as Json; // made of JSON values only
}

async function describeFolder({ params, inputs, outputs }: LibraryStepContext): Promise<Json> {
  const { name, description } = Params.parse(params);
  const [model, path] = onlyPath(inputs["model"], "model");
  const { report } = inputs;
  const document = report === undefined ? null : await reportOn(model, onlyPath(report, "report"));
  const mlModel = await readFile(join(path, ML_MODEL_FILE), "utf8");
  // A model that cannot be served fails here, where its maker reads it, and not when it is wanted.
  readMlModel(mlModel);
  const version = outputs["version"];
  if (version !== undefined) await cp(path, version, { recursive: true });
  const files = [...(model.files ?? [])];
  const registration: FolderRegistration = { name, description, format: "mlflow", files, mlModel, document };
  return registration as Json; // made of JSON values only
}

/** The report of `evaluate` on the very model. */
async function reportOn(model: StepInput, [, path]: [StepInput, string]): Promise<EvaluationDocument> {
  const document = EvaluationDocument.parse(JSON.parse(await readFile(path, "utf8")));
  if (document.model !== model.digest) throw foreignReport(document.model, model.digest);
  return document;
}

/** Makes the commit of `register`: the version exists exactly if the step succeeded. */
export function createRegisterCommit(parts: {
  registry: Pick<Registry, "add">;
  preparation: Pick<PreparationService, "ask">;
  /** Finds the experiment run behind a step's output by its REST path. */
  findTrainingRun: (subject: string, call: Call) => Promise<TrainingRun | undefined>;
}): LibraryCommit {
  const { registry, preparation } = parts;

  async function add(tx: Tx, payload: Json, context: LibraryCommitContext) {
    const registration = Registration.parse(payload);
    const { name, description, document } = registration;
    const model = context.inputs["model"];
    const training =
      model === undefined ? undefined : await parts.findTrainingRun(model.subject, context.call);
    const shared = {
      model: name,
      ...judgedBy(document, context.inputs["report"]),
      run: training ?? null,
      pipelineRun: { pipeline: context.pipeline, number: context.run },
      record: training?.record ?? context.record,
      description,
    };
    if (registration.format === "mlflow") {
      const { files, mlModel } = registration;
      // What it answers is learnt from its own example when it is prepared, as of any other of MLflow.
      const own = {
        format: registration.format,
        files,
        signature: signatureOf(readMlModel(mlModel)),
        golden: [],
      };
      const version = await registry.add(tx, context.call, { ...shared, ...own });
      await preparation.ask(tx, context.call, version);
      return version;
    }
    const { format, digest, bytes } = registration;
    const files: ModelFile[] = [{ path: FILE_NAMES[format], digest, bytes }];
    const { golden, ...judged } = registration.document;
    const signature = widenSignature(judged.signature, training?.profiles ?? []);
    return registry.add(tx, context.call, { ...shared, format, files, signature, golden });
  }

  return defineLibraryCommit({
    name: "register",
    async commit(tx, payload, context) {
      const version = await add(tx, payload, context);
      const subject = versionPath(version);
      const outputs = Object.keys(context.outputs).map((output) => [output, subject]);
      return {
        subjects: Object.fromEntries(outputs),
        summary: `${version.model} version ${version.version}`,
      };
    },
  });
}

/** What the report gives the version; a model of MLflow may be judged later. */
function judgedBy(
  document: EvaluationDocument | null,
  input: StepInput | undefined,
): Pick<NewVersion, "report" | "reference" | "evaluatedOn"> {
  if (document === null) return { report: null, reference: null, evaluatedOn: null };
  const { signature: _signature, golden: _golden, evaluatedOn, reference, ...report } = document;
  // The report is kept as it is: its profile is what monitors compare with.
  return { report, evaluatedOn, reference: reference === undefined ? null : (input?.digest ?? null) };
}

function onlyPath(input: StepInput | undefined, name: string): [input: StepInput, path: string] {
  const [path] = input?.paths ?? [];
  if (input !== undefined && path !== undefined) return [input, path];
  throw fail("BAD_PIPELINE", {
    message: `register needs a ${name}`,
    field: name,
    help: "Call register({ name, model, report }) with the model and the report of evaluate; a model of MLflow may come without one.",
  });
}

function noFormat(format: string | undefined): Error {
  return fail("BAD_PIPELINE", {
    message: "The model that register is given does not say its format",
    field: "model",
    value: format,
    help: 'Declare it where the model is made: output: { model: model("onnx") }.',
  });
}

function foreignReport(judged: string, given: string): Error {
  return fail("CONFLICT", {
    message: `The report judges the model ${judged.slice(0, 12)}, and the model to register is ${given.slice(0, 12)}`,
    field: "report",
    value: judged,
    help: "Give register the very model that evaluate was given.",
  });
}
