import { type Run, RunRecord, type RunState, type RunUsage } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import { askWithin, type Db, notify, type Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage } from "../../platform/lineage/index.ts";
import type { createArtifactTree } from "./artifacts/artifact-tree-service.ts";
import { ensureExperiment } from "./ensure-experiment-step.ts";
import { runPath } from "./experiment-paths.ts";
import { experimentsStore } from "./experiments-store.ts";
import type { Point } from "./metric-summary.ts";
import { runDetailsStore } from "./run-details-store.ts";
import { runLineage } from "./run-lineage.ts";
import { writeLog } from "./run-log-step.ts";
import { RUNS_CHANNEL, runPayload } from "./run-notice-loop.ts";
import { RUN_NAME_TAG } from "./run-tags.ts";

/** Path of the uncommitted difference among a run's files; clients that upload one themselves use the same. */
const DIFF_PATH = "code/uncommitted.diff";

/** What writing to runs is made from. */
export type RunWriterParts = {
  readonly artifacts: Pick<Artifacts, "stat">;
  readonly tree: Pick<ReturnType<typeof createArtifactTree>, "add">;
  readonly events: Pick<Events, "record">;
  readonly lineage: Pick<Lineage, "link">;
  readonly now: () => Date;
  /** 32 random hexadecimal digits. */
  readonly newRunId: () => string;
};

/** A run to open. */
export type NewRun = {
  readonly experiment: string;
  /** Who runs it; the caller when absent. */
  readonly user?: string;
  readonly name: string;
  readonly step: Run["step"];
  readonly record: Partial<RunRecord>;
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly startedAt?: Date;
};

/** Opens, fills and closes runs in the caller's transaction: for clients and for the attempts of pipelines. */
export type RunWriter = ReturnType<typeof createRunWriter>;

/** Makes the writer. */
export function createRunWriter({ artifacts, tree, events, lineage, now, newRunId }: RunWriterParts) {
  async function open(tx: Tx, call: Call, run: NewRun): Promise<string> {
    const { project } = call.scope;
    const id = newRunId();
    const record = RunRecord.parse(run.record);
    const experiment = await ensureExperiment(tx, { project, name: run.experiment, now: now() });
    const key = await experimentsStore(tx).insertRun({
      id,
      project,
      experiment: experiment.number,
      experimentKey: experiment.key,
      name: run.name,
      state: "running",
      record,
      step: run.step,
      startedAt: run.startedAt ?? now(),
      user: run.user ?? call.actor.name,
      createdBy: call.actor,
    });
    const keys = { key, experimentKey: experiment.key, name: run.name };
    const { params = {}, tags = {} } = run;
    await writeLog(askWithin(tx), keys, { params, tags: { ...tags, [RUN_NAME_TAG]: run.name }, metrics: [] });
    if (record.code?.diff) await keepDiff(tx, call, { run: id, digest: record.code.diff });
    await notify(tx, { channel: RUNS_CHANNEL, payload: runPayload({ id, experimentKey: experiment.key }) });
    const edges = runLineage({ id, name: run.name, record });
    if (edges.length > 0) await lineage.link(tx, call.scope, edges);
    await events.record(tx, call, {
      type: "experiments.run-started",
      subject: runPath(id),
      data: { experiment: run.experiment, name: run.name },
    });
    return id;
  }

  /** The uncommitted difference is a file of the run, so that it can be read and stays as long as the run. */
  async function keepDiff(
    tx: Tx,
    call: Call,
    { run, digest }: { run: string; digest: string },
  ): Promise<void> {
    const { bytes } = await artifacts.stat(digest);
    await tree.add(tx, { owner: { kind: "run", id: run }, path: DIFF_PATH, digest, bytes }, call);
  }

  /** Adds to a run, also to a deleted one, which may come back; all of it or nothing. */
  async function log(
    tx: Db | Tx,
    logged: {
      run: string;
      params?: Readonly<Record<string, string>>;
      tags?: Readonly<Record<string, string>>;
      metrics: readonly Point[];
    },
  ): Promise<void> {
    const { run, params = {}, tags = {}, metrics } = logged;
    const keys = await experimentsStore(tx).lockRun(run);
    if (keys === undefined) return;
    await writeLog(askWithin(tx), keys, { params, tags, metrics });
    await notify(tx, { channel: RUNS_CHANNEL, payload: runPayload({ id: run, ...keys }) });
  }

  /** Closes a run; one that is closed stays as it is. */
  async function end(
    tx: Tx,
    call: Call,
    ended: {
      run: string;
      state: Exclude<RunState, "running" | "scheduled">;
      usage: RunUsage | null;
      endedAt?: Date;
    },
  ): Promise<void> {
    const { run, state, usage, endedAt = now() } = ended;
    if (usage !== null) await runDetailsStore(tx).insertUsage(run, usage);
    const experimentKey = await experimentsStore(tx).endRun(run, state, endedAt);
    if (experimentKey === undefined) return;
    await notify(tx, { channel: RUNS_CHANNEL, payload: runPayload({ id: run, experimentKey }) });
    await events.record(tx, call, { type: "experiments.run-ended", subject: runPath(run), data: { state } });
  }

  /** Adds to what a run was made from. */
  async function record(
    tx: Tx,
    call: Call,
    { run, added }: { run: Run; added: Partial<RunRecord> },
  ): Promise<void> {
    await experimentsStore(tx).mergeRecord(run.id, added);
    const whole = { ...run.record, ...added };
    await lineage.link(tx, call.scope, runLineage({ id: run.id, name: run.name, record: whole }));
  }

  return { open, log, end, record };
}
