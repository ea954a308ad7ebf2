import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, type ScanFinding } from "@causeway/contract";
import { z } from "zod";
import type { EnvironmentOf } from "../../../platform/python/index.ts";
import {
  defineLibraryPreparation,
  type LibraryPreparation,
  type LibraryStepContext,
  type StepInput,
} from "../../pipelines/index.ts";
import { presentInputs } from "../dataset-columns.ts";
import type { EvaluationDocument } from "../evaluation-document.ts";
import { checkJudgedRows } from "../evaluation-question.ts";
import { learnSignature } from "../learned-signature.ts";
import { ML_MODEL_FILE, readMlModel, signatureOf } from "../mlmodel.ts";
import { createModelEnvironments } from "../model-environment-service.ts";
import { createModelProgram } from "../model-program.ts";
import { judgeFindings, SCAN_POLICIES, type ScanPolicy } from "../scan-policy.ts";
import { evaluateVersion } from "../tasks/evaluate-version.ts";

/** What the preparation gives the step: written and read by this file, in two processes. */
const Prepared = z.object({ interpreter: z.string(), scanPolicy: z.enum(SCAN_POLICIES) });
type Prepared = z.infer<typeof Prepared>;

/** Makes the preparation of `evaluate`: the packages of a model of MLflow are there before it is asked. */
export function createEvaluatePreparation(parts: {
  readonly environmentOf: EnvironmentOf;
  readonly scanPolicy: ScanPolicy;
}): LibraryPreparation {
  const modelEnvironmentOf = createModelEnvironments(parts);
  return defineLibraryPreparation({
    name: "evaluate",
    async prepare({ inputs, ...attempt }) {
      const model = inputs["model"];
      const [folder] = model?.paths ?? [];
      if (model === undefined || folder === undefined || !isMlflow(model)) return null;
      const mlModel = readMlModel(await readFile(join(folder, ML_MODEL_FILE), "utf8"));
      const { interpreter } = await modelEnvironmentOf({
        ...attempt,
        folder,
        mlModel,
        title: "the model",
        content: model.digest,
      });
      return { interpreter, scanPolicy: parts.scanPolicy } satisfies Prepared;
    },
  });
}

/** True for a folder that holds a model of MLflow. */
export function isMlflow({ format, files = [] }: StepInput): boolean {
  return (format === undefined || format === "mlflow") && files.some(({ path }) => path === ML_MODEL_FILE);
}

type Judging = {
  readonly context: LibraryStepContext;
  readonly params: {
    readonly target: string;
    readonly positive: string | null;
    readonly task: string | null;
    readonly features: readonly string[] | null;
  };
  readonly model: { readonly path: string; readonly digest: string };
  readonly rows: {
    readonly dataset: NonNullable<StepInput["dataset"]>;
    readonly paths: readonly string[];
    readonly subject: string;
  };
};

/** Judges a model of MLflow by the columns of its own signature, in a process with its own packages. */
export async function judgeMlflowModel({
  context,
  params,
  model,
  rows,
}: Judging): Promise<EvaluationDocument> {
  const { path, digest } = model;
  const { dataset, paths, subject } = rows;
  const { target, positive } = params;
  refuseOwnWords(params);
  const { interpreter, scanPolicy } = Prepared.parse(context.prepared);
  await lookInside(path, { context, scanPolicy });
  const declared = signatureOf(readMlModel(await readFile(join(path, ML_MODEL_FILE), "utf8")));
  checkJudgedRows(
    { title: "the model", signature: declared },
    { dataset: { ...dataset, id: dataset.version }, target, positive },
  );
  const signatureFile = join(context.folder, "declared.json");
  await writeFile(signatureFile, JSON.stringify(declared));
  const asked = { format: "mlflow" as const, path, python: interpreter, signatureFile };
  const program = context.modelProgram;
  const inspection = await createModelProgram(program).inspect(asked, context.signal);
  const signature = learnSignature(declared, inspection);
  const { schema, key } = dataset;
  const columns = presentInputs(signature, { schema, beside: [target, key] });
  return evaluateVersion(
    {
      program,
      model: { path, python: interpreter, format: "mlflow", signature, digest },
      rows: { paths, schema, columns },
      dataset: { name: dataset.name, version: dataset.version, subject },
      target,
      positive,
    },
    { scratch: context.folder, progress: () => {}, signal: context.signal },
  );
}

/** Nothing of a model is loaded before its files were looked into. */
async function lookInside(
  folder: string,
  { context, scanPolicy }: { context: LibraryStepContext; scanPolicy: ScanPolicy },
): Promise<void> {
  const { scanModelFolder } = await import("../scan/model-scan-reader.ts");
  const findings: readonly ScanFinding[] = await scanModelFolder(folder);
  for (const { path, severity, text } of findings) context.print(`${severity}: ${path}: ${text}`);
  const held = judgeFindings(findings, { policy: scanPolicy, accepted: false });
  if (held === null) return;
  throw fail("BAD_MODEL", {
    message: `The model is not loaded: ${held}`,
    field: "model",
    help: "Register it without a report, let a person accept its findings (npx --no causeway registry prepare <model> <version> --accept-findings), and evaluate the version.",
  });
}

/** What the model's signature says is not said again. */
function refuseOwnWords({ task, features }: Judging["params"]): void {
  const field = task !== null ? "task" : features !== null ? "features" : undefined;
  if (field === undefined) return;
  throw fail("BAD_PIPELINE", {
    message: `evaluate takes no ${field} for a model of MLflow: its own signature and answers say it`,
    field,
    help: 'Leave it out; log the model with a signature, and with metadata={"classes": [...]} where it answers with scores.',
  });
}
