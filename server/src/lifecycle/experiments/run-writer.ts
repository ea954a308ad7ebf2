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

/** A run that was just opened. */
export type OpenedRun = {
  readonly id: string;
  readonly key: number;
  readonly startedAt: Date;
  readonly tags: Readonly<Record<string, string>>;
};

/** Opens, fills and closes runs in the caller's transaction: for clients and for the attempts of pipelines. */
export type RunWriter = ReturnType<typeof createRunWriter>;

/** Makes the writer. */
export function createRunWriter({ artifacts, tree, events, lineage, now, newRunId }: RunWriterParts) {
  /** Opens a run in the experiment of a name, which is made on first sight; answers the run's id. */
  async function open(tx: Tx, call: Call, run: NewRun): Promise<string> {
    const { project } = call.scope;
    const experiment = await ensureExperiment(tx, { project, name: run.experiment, now: now() });
    return (await openIn(tx, call, { run, experiment })).id;
  }

  /** Opens a run in an experiment that the transaction holds against deletion. */
  async function openIn(
    tx: Tx,
    call: Call,
    { run, experiment }: { run: NewRun; experiment: { key: number; number: number } },
  ): Promise<OpenedRun> {
    const id = newRunId();
    const record = RunRecord.parse(run.record);
    const startedAt = run.startedAt ?? now();
    const tags = { ...run.tags, [RUN_NAME_TAG]: run.name };
    const experimentKey = experiment.key;
    const key = await experimentsStore(tx).openRun(
      {
        id,
        project: call.scope.project,
        experiment: experiment.number,
        experimentKey,
        name: run.name,
        state: "running",
        record,
        step: run.step,
        startedAt,
        user: run.user ?? call.actor.name,
        createdBy: call.actor,
      },
      { tags, notice: { channel: RUNS_CHANNEL, payload: runPayload({ id, experimentKey }) } },
    );
    const { params = {} } = run;
    await writeLog(askWithin(tx), { key, experimentKey }, { params, tags: {}, metrics: [] });
    if (record.code?.diff) await keepDiff(tx, call, { run: id, digest: record.code.diff });
    const edges = runLineage({ id, name: run.name, record });
    if (edges.length > 0) await lineage.link(tx, call.scope, edges);
    await events.record(tx, call, {
      type: "experiments.run-started",
      subject: runPath(id),
      data: { experiment: run.experiment, name: run.name },
    });
    return { id, key, startedAt, tags };
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

  return { open, openIn, log, end, record };
}
