import {
  type Experiment,
  fail,
  type MetricPoint,
  type Real,
  type Run,
  type RunRecord,
  type RunState,
} from "@causeway/contract";
import { type Call, requirePermission } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { keysetPage } from "../../platform/paging/index.ts";
import type { createRunArtifacts } from "./artifacts/run-artifacts-service.ts";
import { parseNumberCursor, parsePointCursor, parseRunCursor, pointCursor, runCursor } from "./cursors.ts";
import { ensureExperiment } from "./ensure-experiment-step.ts";
import { viewExperiment } from "./experiment-view.ts";
import { experimentsStore, type StoredRun } from "./experiments-store.ts";
import { fromReal, toReal } from "./real.ts";
import { runDetailsStore } from "./run-details-store.ts";
import { noRun } from "./run-refusals.ts";
import { viewRuns } from "./run-view.ts";
import type { RunWriter } from "./run-writer.ts";
import { noExperiment } from "./tracked-experiments-service.ts";
import type { Tracking } from "./tracking.ts";

/** What experiments are made from. */
export type ExperimentsParts = {
  readonly database: Pick<Database, "db">;
  readonly writer: RunWriter;
  readonly tracking: Pick<Tracking, "addToRun">;
  readonly now: () => Date;
};

type Page = { limit: number; after?: string | undefined };

/** Experiments and their runs. */
export type Experiments = ReturnType<typeof createExperiments> & ReturnType<typeof createRunArtifacts>;

/** Makes the service that answers the experiments table of the contract. */
export function createExperiments({ database, writer, tracking, now }: ExperimentsParts) {
  const { db } = database;

  async function createExperiment({ name }: { name: string }, call: Call): Promise<Experiment> {
    const { project } = call.scope;
    const { number } = await db
      .transaction()
      .execute((tx) => ensureExperiment(tx, { project, name, now: now() }));
    const [made] = await experimentsStore(db).listExperiments({ project, number });
    if (made === undefined) throw noExperiment(name);
    return viewExperiment(made);
  }

  async function listExperiments({ limit, after }: Page, call: Call) {
    const filter = { project: call.scope.project, after: parseNumberCursor(after), limit: limit + 1 };
    const rows = await experimentsStore(db).listExperiments(filter);
    const { items, next } = keysetPage(rows, limit, ({ number }) => String(number));
    return { items: items.map(viewExperiment), next };
  }

  async function startRun(
    input: {
      experiment: string;
      name?: string | undefined;
      tags: Record<string, string>;
      record?: RunRecord | undefined;
      startedAt?: string | undefined;
    },
    call: Call,
  ): Promise<Run> {
    const id = await db.transaction().execute((tx) =>
      writer.open(tx, call, {
        experiment: input.experiment,
        name: input.name ?? `run of ${now().toISOString().slice(0, 16).replace("T", " ")}`,
        tags: input.tags,
        record: input.record ?? {},
        step: null,
        ...(input.startedAt === undefined ? {} : { startedAt: new Date(input.startedAt) }),
      }),
    );
    return getRun({ run: id }, call);
  }

  async function listRuns(input: Page & { experiment?: string | undefined }, call: Call) {
    const { project } = call.scope;
    const store = experimentsStore(db);
    const experiment =
      input.experiment === undefined ? undefined : await store.findExperiment(project, input.experiment);
    if (input.experiment !== undefined && experiment === undefined) throw noExperiment(input.experiment);
    const after = parseRunCursor(input.after);
    const rows = await store.listRuns({ project, experiment, after, limit: input.limit + 1 });
    const { items, next } = keysetPage(rows, input.limit, runCursor);
    const details = await runDetailsStore(db).load(items);
    return { items: viewRuns(items, details), next };
  }

  async function getRun(input: { run: string }, call: Pick<Call, "scope">): Promise<Run> {
    const found = await findRun(input, call);
    const [run] = viewRuns([found], await runDetailsStore(db).load([found]));
    return run ?? raise(noRun(input.run));
  }

  async function findRun({ run: prefix }: { run: string }, call: Pick<Call, "scope">): Promise<StoredRun> {
    const found = await experimentsStore(db).findRuns(call.scope.project, prefix);
    if (found.length > 1) {
      throw fail("AMBIGUOUS_PREFIX", {
        message: `more than one run begins with ${prefix}`,
        field: "run",
        value: prefix,
        help: "Give more digits of its id.",
      });
    }
    return found[0] ?? raise(noRun(prefix));
  }

  /** The run, for a caller who may write to it: a step's token opens the runs of its own pipeline run only. */
  async function writable(input: { run: string }, call: Call): Promise<Run> {
    const run = await getRun(input, call);
    if (call.attempt === undefined) return run;
    if (run.step !== null && call.actor.id === `${run.step.pipeline}/${run.step.run}`) return run;
    requirePermission({ actor: call.actor, permissions: new Set() }, "experiments:write");
    return run;
  }

  async function log(
    input: {
      run: string;
      params: Record<string, string>;
      metrics: { name: string; value: Real; step: number; occurredAt?: string | undefined }[];
      tags: Record<string, string>;
    },
    call: Call,
  ): Promise<Record<string, never>> {
    const at = now();
    const points = input.metrics.map(({ name, value, step, occurredAt }) => ({
      name,
      value: fromReal(value),
      step,
      atMs: (occurredAt === undefined ? at : new Date(occurredAt)).getTime(),
    }));
    const run = input.run.length === 32 ? input.run : (await findRun(input, call)).id;
    const params = Object.entries(input.params);
    await tracking.addToRun({ run, params, tags: Object.entries(input.tags), points }, call);
    return {};
  }

  async function updateRecord(
    input: { run: string; record: { [Member in keyof RunRecord]?: RunRecord[Member] | undefined } },
    call: Call,
  ): Promise<Run> {
    const run = await writable(input, call);
    // What is absent or undefined stays as it is.
    const added = Object.fromEntries(
      Object.entries(input.record).filter(([, value]) => value !== undefined),
    ) as Partial<RunRecord>;
    await db.transaction().execute((tx) => writer.record(tx, call, { run, added }));
    return getRun({ run: run.id }, call);
  }

  async function endRun(
    input: { run: string; state: Exclude<RunState, "running" | "scheduled">; endedAt?: string | undefined },
    call: Call,
  ): Promise<Run> {
    const run = await writable(input, call);
    const ended = { run: run.id, state: input.state, usage: null };
    const at = input.endedAt === undefined ? {} : { endedAt: new Date(input.endedAt) };
    await db.transaction().execute((tx) => writer.end(tx, call, { ...ended, ...at }));
    return getRun({ run: run.id }, call);
  }

  async function metricHistory(
    input: Page & { run: string; name: string },
    call: Call,
  ): Promise<{ items: MetricPoint[]; next: string | null }> {
    const run = await findRun(input, call);
    const series = await runDetailsStore(db).findSeries(run.key, input.name);
    if (series === undefined) {
      throw fail("NOT_FOUND", {
        message: `the run ${run.id} has no metric ${input.name}`,
        field: "name",
        value: input.name,
        help: `It has ${(await getRun(input, call)).metrics.map(({ name }) => name).join(", ") || "none"}.`,
      });
    }
    const after = parsePointCursor(input.after);
    const filter = { series, after, limit: input.limit + 1 };
    const { items, next } = keysetPage(
      await runDetailsStore(db).listPoints(filter),
      input.limit,
      pointCursor,
    );
    const points = items.map(({ value, step, atMs }) => ({
      value: toReal(value),
      step,
      occurredAt: new Date(atMs).toISOString(),
    }));
    return { items: points, next };
  }

  return {
    createExperiment,
    listExperiments,
    startRun,
    listRuns,
    getRun,
    log,
    updateRecord,
    endRun,
    metricHistory,
  };
}

function raise(error: Error): never {
  throw error;
}
