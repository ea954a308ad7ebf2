import { copyFile, readFile, stat } from "node:fs/promises";
import { Digest, fail, type Json, ModelFormat, ModelName } from "@causeway/contract";
import { z } from "zod";
import type { Call } from "../../../platform/access/index.ts";
import {
  defineLibraryCommit,
  defineLibraryStep,
  type LibraryCommit,
  type StepInput,
} from "../../pipelines/index.ts";
import { EvaluationDocument } from "../evaluation-document.ts";
import { versionPath } from "../registry-paths.ts";
import type { Registry } from "../registry-service.ts";
import type { TrainingRun } from "../training-run-service.ts";
import { widenSignature } from "../widen-signature.ts";

const Params = z.object({ name: ModelName, description: z.string().max(10_000).default("") });

/** A step's model is one file; a folder of MLflow is registered through MLflow. */
const StepFormat = ModelFormat.exclude(["mlflow"]);

/** What the step hands to its commit: written and read by this file, in two processes. */
const Registration = z.object({
  name: ModelName,
  description: z.string(),
  format: StepFormat,
  digest: Digest,
  bytes: z.int(),
  document: EvaluationDocument,
});
type Registration = z.infer<typeof Registration>;

/** How the one file of a version is called. */
const FILE_NAMES: Readonly<Record<z.infer<typeof StepFormat>, string>> = {
  onnx: "model.onnx",
  ydf: "model.zip",
};

/** Registers a judged model as the next version of a name; the version itself is made by the commit. */
export const register = defineLibraryStep({
  name: "register",
  version: "1",
  async run({ params, inputs, outputs }) {
    const { name, description } = Params.parse(params);
    const [model, path] = onlyFile(inputs["model"], "model");
    const [, reportPath] = onlyFile(inputs["report"], "report");
    const document = EvaluationDocument.parse(JSON.parse(await readFile(reportPath, "utf8")));
    if (document.model !== model.digest) throw foreignReport(document.model, model.digest);
    const format = StepFormat.safeParse(model.format);
    if (!format.success) throw noFormat(model.format);
    const { size } = await stat(path);
    const version = outputs["version"];
    if (version !== undefined) await copyFile(path, version);
    const registration: Registration = {
      name,
      description,
      format: format.data,
      digest: model.digest,
      bytes: size,
      document,
    };
    return { commit: registration as Json }; // made of JSON values only
  },
});

/** Makes the commit of `register`: the version exists exactly if the step succeeded. */
export function createRegisterCommit(parts: {
  registry: Pick<Registry, "add">;
  /** Finds the experiment run behind a step's output by its REST path. */
  findTrainingRun: (subject: string, call: Call) => Promise<TrainingRun | undefined>;
}): LibraryCommit {
  return defineLibraryCommit({
    name: "register",
    async commit(tx, payload, context) {
      const { name, description, format, digest, bytes, document } = Registration.parse(payload);
      const { signature, golden, evaluatedOn, reference, ...report } = document;
      const trained = context.inputs["model"];
      const training =
        trained === undefined ? undefined : await parts.findTrainingRun(trained.subject, context.call);
      const version = await parts.registry.add(tx, context.call, {
        model: name,
        format,
        files: [{ path: FILE_NAMES[format], digest, bytes }],
        signature: widenSignature(signature, training?.profiles ?? []),
        golden,
        report,
        // The report is kept as it is: its profile is what monitors compare with.
        reference: reference === undefined ? null : (context.inputs["report"]?.digest ?? null),
        run: training ?? null,
        pipelineRun: { pipeline: context.pipeline, number: context.run },
        record: training?.record ?? context.record,
        description,
        evaluatedOn,
      });
      const subject = versionPath(version);
      const outputs = Object.keys(context.outputs).map((output) => [output, subject]);
      return { subjects: Object.fromEntries(outputs), summary: `${name} version ${version.version}` };
    },
  });
}

function onlyFile(input: StepInput | undefined, name: string): [input: StepInput, path: string] {
  const [path] = input?.paths ?? [];
  if (input !== undefined && path !== undefined) return [input, path];
  throw fail("BAD_PIPELINE", {
    message: `register needs a ${name}`,
    field: name,
    help: "Call register({ name, model, report }) with the model and the report of evaluate.",
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
