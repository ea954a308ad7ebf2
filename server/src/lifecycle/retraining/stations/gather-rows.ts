import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DatasetVersion, fail, type Json } from "@causeway/contract";
import { attemptOf } from "../../../platform/processes/index.ts";
import { presentInputs } from "../../registry/index.ts";
import { cyclesStore } from "../cycles-store.ts";
import { type Gathered, gatherTask, type Span } from "../gather-task.ts";
import { retrainedDataset } from "../retrained-dataset.ts";
import { truthColumn } from "../truth-column.ts";
import type { StationParts, Visit } from "./station.ts";

type File = { readonly path: string; readonly rows: number };

/** The newest version of the pipeline's dataset that people or pipelines made. */
export type OwnRows = {
  readonly dataset: string;
  readonly version: DatasetVersion;
  /** Event time before which it holds the log's rows already; null where it holds none. */
  readonly after: Date | null;
};

/**
 * Finds the rows that the log's are added to. Where people added theirs to a version of this policy's, the log's rows up to
 * that one's end are among them.
 */
export async function newestOwn(parts: StationParts, { cycle, call, policy }: Visit): Promise<OwnRows> {
  const { settings } = cycle;
  const { data, database, pipelines } = parts;
  const pipeline = await pipelines.getPipeline({ pipeline: settings.retrain }, call);
  const { dataset, version } = retrainedDataset(pipeline, settings);
  if (version !== "latest") {
    return { dataset, version: await data.resolve(`${dataset}@${version}`, call), after: null };
  }
  let after: string | undefined;
  do {
    const page = await data.listVersions(
      { dataset, limit: 100, ...(after === undefined ? {} : { after }) },
      call,
    );
    const own = page.items.find(({ source }) => source.kind !== "log");
    if (own !== undefined) {
      const grown =
        own.parent === null ? undefined : await cyclesStore(database.db).findByDataset(policy.id, own.parent);
      return { dataset, version: own, after: grown?.trainedUntil ?? null };
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  throw fail("CONFLICT", {
    message: `The dataset ${dataset} has no version but those of the prediction log`,
    field: "settings.param",
    value: dataset,
    help: "Import the rows that the first model was trained on.",
  });
}

/** Gathers labelled rows into files, gives them to `use`, and takes them away afterwards. */
export async function gatherRows<Name extends string, Result>(
  parts: StationParts,
  visit: Visit,
  wanted: {
    readonly spans: Readonly<Record<Name, Span>>;
    readonly own: OwnRows;
    readonly use: (gathered: {
      readonly all: File;
      readonly spans: Readonly<Record<Name, File>>;
    }) => Promise<Result>;
  },
): Promise<Result> {
  const { deployments, dataDir, runTask, filePath } = parts;
  const { job, call, policy } = visit;
  const attempt = attemptOf(job);
  // Named for the claim, so that whoever takes the work over removes it.
  const out = join(dataDir, "scratch", `${attempt}.out`);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true, mode: 0o700 });
  try {
    const shape = await shapeOf(parts, visit, wanted.own.version);
    const key = { ...call.scope, name: policy.deployment };
    const truth = join(out, "truth.csv");
    await deployments.log.exportTruth(key, {}, truth);
    const gathered = await settled(async () => {
      const order = {
        sources: await deployments.log.sources(key, {}),
        truth,
        before: policy.gathered === null ? null : filePath(policy.gathered),
        ...shape,
        spans: wanted.spans,
        out,
      };
      const { result } = await runTask({
        task: gatherTask.name,
        input: order as unknown as Json, // made of JSON's own values
        attempt,
        signal: job.signal,
      });
      return result as unknown as Gathered; // written by the task of the same name
    });
    for (const [name, { rows }] of Object.entries(gathered.spans)) if (rows === 0) throw noRows(visit, name);
    const spans = gathered.spans as Readonly<Record<Name, File>>; // the task makes a file of each span
    return await wanted.use({ all: gathered.all, spans });
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Which column is what, in the words of the log. */
async function shapeOf({ deployments }: StationParts, visit: Visit, version: DatasetVersion) {
  const { call, policy, cycle } = visit;
  const deployment = await deployments.getDeployment({ deployment: policy.deployment }, call);
  const target = truthColumn(deployment.signature, cycle.settings);
  if (target === null || !version.schema.some(({ name }) => name === target)) throw noTarget(version, target);
  const named = version.schema.find(
    ({ name, type }) => name === version.key && type === "string" && name !== deployment.key,
  );
  const found = presentInputs(deployment.signature, {
    schema: version.schema,
    beside: [target, version.key, deployment.key],
  });
  const inputs = Object.fromEntries(
    found.flatMap(({ name, from }) => (from === undefined ? [] : [[from, name]])),
  );
  return {
    shape: { columns: version.schema, target, key: deployment.key, occurredAt: null, inputs },
    named: named?.name ?? null,
  };
}

const MOST_TRIES = 5;

/** Files of the log may move while they are read: then they are listed and read again. */
async function settled<Value>(read: () => Promise<Value | null>): Promise<Value> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const value = await read();
    if (value !== null) return value;
  }
  throw new Error("the files of the prediction log moved each time they were read");
}

function noRows({ policy }: Visit, span: string): Error {
  return fail("CONFLICT", {
    message:
      span === "judge"
        ? `The log of ${policy.deployment} holds no row with truth of the window that was to judge`
        : `The log of ${policy.deployment} holds no row with truth to learn from`,
    field: "deployment",
    value: policy.deployment,
    help: "Keep the log at least as long as truth takes to come.",
  });
}

function noTarget({ dataset, id }: DatasetVersion, target: string | null): Error {
  return fail("CONFLICT", {
    message: `${dataset}@${id.slice(0, 6)} has no column ${target ?? "that the model predicts"} for the truth`,
    field: "settings.param",
    value: dataset,
    help: "Name the pipeline's dataset param whose table has the target column.",
  });
}
