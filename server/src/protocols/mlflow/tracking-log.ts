import { z } from "zod";
import type { Tracking } from "../../lifecycle/experiments/index.ts";
import { mlflowError } from "./errors.ts";
import { readLogBatch, readLogMetric } from "./log-input.ts";
import { missingValue } from "./refusals.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { checkDataset, checkInputTag, paramPair } from "./validation.ts";
import { fromWireEntries, requiredText, WireEntry, wireInteger, wireList, wireText } from "./wire.ts";

const write = { permission: "experiments:write" } as const;

const OneRun = z.object({ run_id: requiredText });

const HISTORY_TAG = "mlflow.log-model.history";

const Dataset = z.object({
  name: requiredText,
  digest: requiredText,
  source_type: requiredText,
  source: requiredText,
  schema: wireText,
  profile: wireText,
});

/** What clients log to runs. */
export function logRoutes(tracking: Tracking): MlflowRoute[] {
  return [
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/log-metric",
      input: z.unknown().transform(readLogMetric),
      handle: ({ run, point }, call) => tracking.addToRun({ run, points: [point] }, call),
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/log-batch",
      input: z.unknown().transform(readLogBatch),
      handle: (batch, call) => tracking.addToRun(batch, call),
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/log-parameter",
      input: OneRun.extend({ key: requiredText, value: wireText }),
      handle: ({ run_id: run, key, value = "" }, call) =>
        tracking.addToRun({ run, params: [paramPair(key, value)] }, call),
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/log-model",
      input: OneRun.extend({ model_json: requiredText }),
      async handle({ run_id: run, model_json: text }, call) {
        const model = readModel(text);
        const { tags } = await tracking.getRun({ run }, call);
        const models = [...readHistory(tags[HISTORY_TAG]), model];
        await tracking.addToRun({ run, tags: [[HISTORY_TAG, JSON.stringify(models)]] }, call);
      },
      test: "E1/models",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/log-inputs",
      input: OneRun.extend({
        datasets: wireList(z.object({ tags: wireList(WireEntry), dataset: Dataset })),
        models: wireList(z.object({ model_id: requiredText })),
      }),
      async handle({ run_id: run, datasets: given, models }, call) {
        const datasets = given.map(({ dataset, tags }) => {
          const kept = {
            name: dataset.name,
            digest: dataset.digest,
            sourceType: dataset.source_type,
            source: dataset.source,
            schema: dataset.schema ?? null,
            profile: dataset.profile ?? null,
          };
          checkDataset(kept);
          for (const { key, value } of tags) checkInputTag(key, value);
          return { dataset: kept, tags: fromWireEntries(tags) };
        });
        await tracking.addDatasets(
          { run, datasets, models: models.map(({ model_id: model }) => model) },
          call,
        );
      },
      test: "E1/datasets",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/outputs",
      input: OneRun.extend({ models: wireList(z.object({ model_id: requiredText, step: wireInteger })) }),
      async handle({ run_id: run, models }, call) {
        if (models.length === 0) throw missingValue("models");
        const outputs = models.map(({ model_id: model, step = 0 }) => ({ model, step }));
        await tracking.addModelOutputs({ run, models: outputs }, call);
      },
      test: "E1/logged-models",
    }),
  ];
}

const MANDATORY = ["artifact_path", "flavors", "utc_time_created", "run_id"];

const ModelJson = z.looseObject({
  flavors: z.record(z.string(), z.unknown()).optional(),
});

/** What is kept of a model that old clients write down on its run. */
function readModel(text: string): Record<string, unknown> {
  const model = parseModel(text);
  const missing = MANDATORY.filter((name) => !Object.hasOwn(model, name));
  if (missing.length > 0) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `Model json is missing mandatory fields: {${missing.map((name) => `'${name}'`).join(", ")}}`,
    );
  }
  const { run_id, utc_time_created, artifact_path, model_uuid, flavors = {} } = model;
  return {
    run_id,
    utc_time_created,
    artifact_path,
    ...(model_uuid === undefined ? {} : { model_uuid }),
    flavors: Object.fromEntries(
      Object.entries(flavors).map(([name, flavor]) => [name, withoutConfig(flavor)]),
    ),
  };
}

function parseModel(text: string): z.output<typeof ModelJson> {
  try {
    return ModelJson.parse(JSON.parse(text));
  } catch (cause) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `Malformed model info. \n ${text} \n is not a valid JSON.`,
      cause,
    );
  }
}

/** A flavor's settings may be long, and are in the model's own file. */
function withoutConfig(flavor: unknown): unknown {
  if (typeof flavor !== "object" || flavor === null || Array.isArray(flavor)) return flavor;
  return Object.fromEntries(Object.entries(flavor).filter(([name]) => name !== "config"));
}

/** The models so far; a tag that somebody else wrote by hand is begun anew. */
function readHistory(tag: string | undefined): unknown[] {
  if (tag === undefined) return [];
  try {
    const models: unknown = JSON.parse(tag);
    return Array.isArray(models) ? models : [];
  } catch {
    return [];
  }
}
