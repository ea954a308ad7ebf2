import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  fail,
  type Json,
  orderSteps,
  type Pipeline,
  type PipelineDefinition,
  type PipelineRun,
  type PipelineVersion,
  type RunRecord,
} from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage } from "../../platform/lineage/index.ts";
import { keysetPage, uuidCursor } from "../../platform/paging/index.ts";
import type { WorkQueue } from "../../platform/work/index.ts";
import type { DatasetDoor } from "../data/index.ts";
import type { Advance } from "./advance-runner.ts";
import { attemptsStore } from "./attempts-store.ts";
import { checkBundle } from "./bundles/check-bundle.ts";
import { readTar } from "./bundles/read-tar.ts";
import { createCancelRun } from "./cancel-service.ts";
import { createFollowRun } from "./follow-stream.ts";
import { createOutputDownload } from "./output-download-service.ts";
import { runPath, versionPath } from "./pipeline-paths.ts";
import { pipelinesStore, type VersionRow } from "./pipelines-store.ts";
import { resolveParams } from "./run-params.ts";
import { runHead, runView, versionView } from "./run-view.ts";
import { type RunRow, runsStore } from "./runs-store.ts";

/** Newest runs that a pipeline shows. */
const RUNS_SHOWN = 20;

/** What the stage is made of. */
export type PipelinesParts = {
  readonly database: Database;
  readonly artifacts: Artifacts;
  readonly events: Events;
  readonly lineage: Lineage;
  readonly work: WorkQueue;
  readonly datasets: Pick<DatasetDoor, "resolve">;
  readonly advance: Advance;
  readonly now: () => Date;
  readonly newId: () => string;
};

/** Pipelines, their versions and runs. */
export type Pipelines = ReturnType<typeof createPipelines>;

/** What is asked of a run. */
type RunRequest = {
  readonly pipeline: string;
  readonly version?: string | undefined;
  readonly params: Record<string, Json>;
  readonly fresh: boolean;
  readonly record?: RunRecord | undefined;
};

type Page = { readonly limit: number; readonly after?: string | undefined };

/** Makes the stage's service: one method per endpoint of its table. */
export function createPipelines(parts: PipelinesParts) {
  const { database, artifacts, events, lineage, datasets, advance, now, newId } = parts;
  const { db } = database;

  async function uploadBundle(_input: object, call: Call, body: Readable) {
    const { digest, bytes } = await artifacts.write(body, { signal: call.signal });
    return { digest, bytes };
  }

  async function deploy(
    input: { pipeline: string; bundle: string; definition: PipelineDefinition },
    call: Call,
  ): Promise<PipelineVersion> {
    const { definition, bundle } = input;
    if (definition.name !== input.pipeline) {
      throw fail("BAD_PIPELINE", {
        message: `The definition is of the pipeline ${definition.name}, not of ${input.pipeline}`,
        field: "definition.name",
        value: definition.name,
        help: `Deploy it as ${definition.name}.`,
      });
    }
    orderSteps(definition);
    await artifacts.stat(bundle);
    checkBundle(definition, await readTar(await buffer(artifacts.read(bundle))));
    return db.transaction().execute(async (tx) => {
      const store = pipelinesStore(tx);
      const pipeline = await store.lockOrInsert({ id: newId(), scope: call.scope, name: definition.name });
      const [known] = await store.findVersions(pipeline.id, bundle);
      if (known !== undefined) return versionView(definition.name, known);
      const version: VersionRow = {
        id: newId(),
        digest: bundle,
        definition,
        createdAt: now(),
        createdBy: call.actor,
      };
      await store.insertVersion({ ...version, pipeline: pipeline.id });
      const subject = versionPath(definition.name, bundle);
      await artifacts.retain(tx, { project: call.scope.project, subject }, [bundle]);
      await events.record(tx, call, {
        type: "pipelines.version-deployed",
        subject,
        data: { pipeline: definition.name, digest: bundle, steps: definition.steps.length },
      });
      return versionView(definition.name, version);
    });
  }

  function startRun(input: RunRequest, call: Call): Promise<PipelineRun> {
    return beginRun(input, call, async () => {});
  }

  /** Starts a run and does something else in the same transaction, for whoever must not start it twice. */
  async function beginRun(
    input: RunRequest,
    call: Call,
    also: (tx: Tx, run: { readonly number: number }) => Promise<void>,
  ): Promise<PipelineRun> {
    const pipeline = await requirePipeline(input.pipeline, call);
    const version = await requireVersion(pipeline, input.version);
    const { params, references, steps } = resolveParams(version.definition, input.params);
    const resolved = await Promise.all(
      Object.entries(references).map(async ([param, reference]) => {
        const found = await datasets.resolve(reference, call);
        return [param, { dataset: found.dataset, version: found.id }] as const;
      }),
    );
    const id = await db.transaction().execute(async (tx) => {
      const store = runsStore(tx);
      const number = await pipelinesStore(tx).takeRunNumber(pipeline.id);
      const run = {
        id: newId(),
        pipelineId: pipeline.id,
        number,
        ...call.scope,
        version: version.digest,
        state: "queued" as const,
        params: { ...params },
        datasets: Object.fromEntries(resolved),
        record: input.record ?? {},
        fresh: input.fresh,
        createdAt: now(),
        createdBy: call.actor,
      };
      await store.insert(run);
      await store.insertSteps(
        run.id,
        orderSteps(version.definition).map(({ name }) => ({ name, params: steps.get(name) ?? {} })),
      );
      const subject = runPath(pipeline.name, number);
      const diff = input.record?.code?.diff;
      if (diff) await artifacts.retain(tx, { project: call.scope.project, subject }, [diff]);
      await events.record(tx, call, {
        type: "pipelines.run-started",
        subject,
        data: { pipeline: pipeline.name, number, version: version.digest },
      });
      const node = { kind: "pipeline-run" as const, subject, title: `${pipeline.name} run ${number}` };
      await lineage.link(tx, call.scope, [
        {
          from: node,
          to: {
            kind: "pipeline-version",
            subject: versionPath(pipeline.name, version.digest),
            title: `${pipeline.name} ${version.digest.slice(0, 6)}`,
          },
          relation: "ran",
        },
      ]);
      await also(tx, run);
      await advance(tx, run.id);
      return run.id;
    });
    return viewOf(id);
  }

  async function getPipeline(input: { pipeline: string }, call: Call): Promise<Pipeline> {
    return pipelineView(await requirePipeline(input.pipeline, call), call);
  }

  async function listPipelines(input: Page, call: Call) {
    const rows = await pipelinesStore(db).list(call.scope, { limit: input.limit, after: input.after });
    const { items, next } = keysetPage(rows, input.limit, ({ name }) => name);
    return { items: await Promise.all(items.map((row) => pipelineView(row, call))), next };
  }

  async function listVersions(input: { pipeline: string } & Page, call: Call) {
    const pipeline = await requirePipeline(input.pipeline, call);
    const rows = await pipelinesStore(db).listVersions(pipeline.id, {
      limit: input.limit,
      after: uuidCursor(input.after),
    });
    const { items, next } = keysetPage(rows, input.limit, ({ id }) => id);
    return { items: items.map((row) => versionView(pipeline.name, row)), next };
  }

  async function listRuns(input: { pipeline?: string | undefined } & Page, call: Call) {
    const rows = await runsStore(db).list({
      project: call.scope.project,
      pipeline: input.pipeline,
      limit: input.limit,
      after: uuidCursor(input.after),
    });
    const { items, next } = keysetPage(rows, input.limit, ({ id }) => id);
    return { items: await viewsOf(items), next };
  }

  async function getRun(input: { pipeline: string; number: number }, call: Call): Promise<PipelineRun> {
    return viewOf((await requireRun(input, call)).id);
  }

  async function listLogs(
    input: { pipeline: string; number: number; step?: string | undefined } & Page,
    call: Call,
  ) {
    const run = await requireRun(input, call);
    const after = Number(input.after ?? 0);
    if (!Number.isSafeInteger(after) || after < 0) {
      throw fail("INVALID_FIELD", {
        message: `after is not a position in a log: ${input.after}`,
        field: "after",
        value: input.after,
        help: "Give back the `next` of the page before.",
      });
    }
    const rows = await attemptsStore(db).listLogs({
      run: run.id,
      after,
      limit: input.limit + 1,
      step: input.step,
    });
    return keysetPage(rows, input.limit, ({ position }) => String(position));
  }

  async function requirePipeline(name: string, call: Call): Promise<PipelineRow> {
    const found = await pipelinesStore(db).find(call.scope, name);
    if (found !== undefined) return found;
    throw fail("NOT_FOUND", {
      message: `There is no pipeline ${name} in the project ${call.scope.project}`,
      field: "pipeline",
      value: name,
      help: "Deploy it first: npx --no causeway pipelines deploy <file>",
    });
  }

  async function requireVersion(pipeline: PipelineRow, prefix: string | undefined): Promise<VersionRow> {
    const store = pipelinesStore(db);
    const found =
      prefix === undefined
        ? [await store.findLatestVersion(pipeline.id)]
        : await store.findVersions(pipeline.id, digestPrefix(prefix));
    const [version, another] = found;
    if (version !== undefined && another === undefined) return version;
    throw fail(another === undefined ? "NOT_FOUND" : "AMBIGUOUS_PREFIX", {
      message:
        another === undefined
          ? `${pipeline.name} has no version ${prefix ?? ""}`.trimEnd()
          : `More than one version of ${pipeline.name} starts with ${prefix}`,
      field: "version",
      value: prefix,
      help: "Give more digits, or leave the version out for the newest.",
    });
  }

  async function requireRun(input: { pipeline: string; number: number }, call: Call): Promise<RunRow> {
    const run = await runsStore(db).findByNumber(call.scope.project, input.pipeline, input.number);
    if (run !== undefined) return run;
    throw fail("NOT_FOUND", {
      message: `There is no run ${input.number} of ${input.pipeline}`,
      field: "number",
      value: input.number,
      help: `npx --no causeway pipelines runs ${input.pipeline}`,
    });
  }

  async function pipelineView(pipeline: PipelineRow, call: Call): Promise<Pipeline> {
    const [latest, runs] = await Promise.all([
      requireVersion(pipeline, undefined),
      runsStore(db).list({ project: call.scope.project, pipeline: pipeline.name, limit: RUNS_SHOWN }),
    ]);
    return {
      name: pipeline.name,
      latest: versionView(pipeline.name, latest),
      runs: runs.slice(0, RUNS_SHOWN).map(runHead),
      createdAt: pipeline.createdAt.toISOString(),
    };
  }

  async function viewsOf(runs: readonly RunRow[]): Promise<PipelineRun[]> {
    const ids = runs.map(({ id }) => id);
    const [steps, attempts] = await Promise.all([runsStore(db).listSteps(ids), attemptsStore(db).list(ids)]);
    return runs.map((run) => runView(run, steps, attempts));
  }

  async function viewOf(id: string): Promise<PipelineRun> {
    const run = await runsStore(db).find(id);
    const [view] = await viewsOf(run === undefined ? [] : [run]);
    if (view !== undefined) return view;
    throw fail("NOT_FOUND", { message: `There is no pipeline run ${id}`, value: id });
  }

  const cancel = createCancelRun(parts);
  const follow = createFollowRun({ database, viewOf });

  return {
    uploadBundle,
    deploy,
    listPipelines,
    getPipeline,
    listVersions,
    startRun,
    beginRun,
    listRuns,
    getRun,
    async *followRun(input: { pipeline: string; number: number; after: number }, call: Call) {
      const run = await requireRun(input, call);
      yield* follow(run.id, { after: input.after, signal: call.signal });
    },
    listLogs,
    async cancelRun(input: { pipeline: string; number: number }, call: Call): Promise<PipelineRun> {
      const run = await requireRun(input, call);
      await cancel(run.id);
      return viewOf(run.id);
    },
    downloadOutput: createOutputDownload({ ...parts, requireRun }),
  };
}

type PipelineRow = { readonly id: string; readonly name: string; readonly createdAt: Date };

function digestPrefix(text: string): string {
  if (/^[0-9a-f]{6,64}$/.test(text)) return text;
  throw fail("INVALID_FIELD", {
    message: `${text} is not a version: 6 to 64 hexadecimal digits`,
    field: "version",
    value: text,
    help: "Leave the version out for the newest.",
  });
}
