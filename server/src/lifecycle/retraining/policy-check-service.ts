import {
  CausewayError,
  type Deployment,
  fail,
  type Monitor,
  type Pipeline,
  type PolicySettings,
} from "@causeway/contract";
import { type Call, requirePermission } from "../../platform/access/index.ts";
import type { RetrainingParts } from "./parts/retraining-parts.ts";
import { type RetrainedDataset, retrainedDataset } from "./retrained-dataset.ts";
import { lastTime } from "./triggers/index.ts";
import { truthColumn } from "./truth-column.ts";

/** What a policy is about, once it was found to work. */
export type Checked = {
  readonly monitor: string;
  readonly model: string;
  /** With the column that holds the truth: later versions of the model may not name it. */
  readonly settings: PolicySettings;
};

type Wanted = {
  readonly deployment: string;
  readonly monitor: string | undefined;
  readonly settings: PolicySettings;
};

/** Makes the check of a policy before it is kept: every part exists, and the loop can close. Each refusal names the field. */
export function createPolicyCheck(
  parts: Pick<
    RetrainingParts,
    "deployments" | "monitoring" | "pipelines" | "registry" | "data" | "notifications" | "now"
  >,
) {
  const { registry, deployments, monitoring, pipelines, data, notifications, now } = parts;

  async function check({ deployment, monitor, settings }: Wanted, call: Call): Promise<Checked> {
    // A policy does for its author what the author could do.
    requirePermission(call, "pipelines:write");
    requirePermission(call, "registry:write");
    const served = await deployments.getDeployment({ deployment }, call);
    const model = served.revision.model;
    if (served.serve !== `${model}@${settings.alias}`) throw notFollowing(served, settings.alias);
    for (const trigger of settings.when) if (trigger.on === "schedule") lastTime(trigger, now());
    const pipeline = await findPipeline(settings.retrain, call);
    refuseOtherModel(pipeline, model);
    const target = await findTarget(served, settings, call);
    await checkTarget(target, retrainedDataset(pipeline, settings), call);
    await notifications.checkChannels(settings.notify, call);
    const { name } = await findMonitor({ deployment, monitor }, call);
    return { monitor: name, model, settings: { ...settings, target } };
  }

  async function findPipeline(name: string, call: Call): Promise<Pipeline> {
    try {
      return await pipelines.getPipeline({ pipeline: name }, call);
    } catch (cause) {
      if (!(cause instanceof CausewayError) || cause.code !== "NOT_FOUND") throw cause;
      throw fail("NOT_FOUND", {
        message: cause.message,
        field: "settings.retrain",
        value: name,
        help: "Deploy it first: npx --no causeway pipelines deploy <file>",
        cause,
      });
    }
  }

  /** What the signature says; a model that came from MLflow tells it by its report at most. */
  async function findTarget(
    { name, signature, revision }: Deployment,
    settings: PolicySettings,
    call: Call,
  ): Promise<string> {
    const said = truthColumn(signature, settings);
    if (settings.target !== undefined && said !== settings.target)
      throw otherTarget(name, { said, settings });
    const { model, version } = revision;
    const target = said ?? (await registry.getVersion({ model, version }, call)).report?.target ?? null;
    if (target !== null) return target;
    throw fail("CONFLICT", {
      message: `Nothing says which column holds the truth that version ${version} of ${model} predicts`,
      field: "settings.target",
      value: null,
      help: "Name the column of the pipeline's dataset: --target <column>",
    });
  }

  async function checkTarget(
    target: string,
    { param, dataset, version }: RetrainedDataset,
    call: Call,
  ): Promise<void> {
    const { schema } = await data.resolve(`${dataset}@${version}`, call);
    if (schema.some((column) => column.name === target)) return;
    throw fail("CONFLICT", {
      message: `${dataset} has no column ${target}, which holds the truth`,
      field: "settings.param",
      value: param,
      help: "Name the pipeline's dataset param whose table has the target column.",
    });
  }

  async function findMonitor(
    { deployment, monitor }: Pick<Wanted, "deployment" | "monitor">,
    call: Call,
  ): Promise<Monitor> {
    if (monitor !== undefined) {
      const found = await monitoring.getMonitor({ monitor }, call);
      if (found.deployment === deployment) return found;
      throw fail("INVALID_FIELD", {
        message: `The monitor ${monitor} watches ${found.deployment}, not ${deployment}`,
        field: "monitor",
        value: monitor,
        help: "Leave the monitor out to take the deployment's own.",
      });
    }
    const { items } = await monitoring.listMonitors({ deployment, limit: 2 }, call);
    const [only, another] = items;
    if (only !== undefined && another === undefined) return only;
    throw fail(only === undefined ? "NOT_FOUND" : "INVALID_FIELD", {
      message:
        only === undefined
          ? `No monitor watches ${deployment}`
          : `More than one monitor watches ${deployment}: ${only.name}, ${another?.name}`,
      field: "monitor",
      value: null,
      help:
        only === undefined
          ? `Make one first: npx --no causeway monitoring create ${deployment}`
          : `Say which: --monitor ${only.name}`,
    });
  }

  return check;
}

function otherTarget(
  deployment: string,
  { said, settings }: { said: string | null; settings: PolicySettings },
): Error {
  return fail("INVALID_FIELD", {
    message: `${deployment} predicts ${said}, as its model's signature says, not ${settings.target}`,
    field: "settings.target",
    value: settings.target ?? null,
    help: "Leave the target out to take the signature's.",
  });
}

/** A version that nothing serves would help nobody. */
function notFollowing({ name, serve, revision }: Deployment, alias: string): Error {
  return fail("CONFLICT", {
    message: `${name} serves ${serve}: a new version under ${revision.model}@${alias} would not be served`,
    field: "deployment",
    value: name,
    help: `Let it follow the alias: npx --no causeway deployments switch ${name} --serve ${revision.model}@${alias}`,
  });
}

/** Where the definition says which model it registers, it must be the one that is served. */
function refuseOtherModel({ name, latest }: Pipeline, model: string): void {
  const registers = latest.definition.steps.flatMap(({ work, params }) => {
    const source = params["name"];
    const isRegister = work.kind === "library" && work.name === "register";
    return isRegister && source?.from === "value" ? [source.value] : [];
  });
  if (registers.length === 0 || registers.includes(model)) return;
  throw fail("CONFLICT", {
    message: `The pipeline ${name} registers versions of ${registers.join(", ")}, not of ${model}`,
    field: "settings.retrain",
    value: name,
    help: `Choose a pipeline that ends with register({ name: "${model}", ... }), or one whose Python step registers it with MLflow.`,
  });
}
