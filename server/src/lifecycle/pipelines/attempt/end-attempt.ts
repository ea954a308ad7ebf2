import type { OutputFile, RunUsage, StepOutput } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Tx } from "../../../platform/database/index.ts";
import type { ProcessUsage } from "../../../platform/processes/index.ts";
import type { Ending, Work } from "../../../platform/work/index.ts";
import { runCall, type StepPayload } from "../advance-runner.ts";
import { attemptsStore } from "../attempts-store.ts";
import { artifactsOf } from "../output-artifacts.ts";
import { outputDataset, runPath, stepPath } from "../pipeline-paths.ts";
import { runsStore } from "../runs-store.ts";
import type { StepInput } from "../step-input.ts";
import { attemptLineage } from "./attempt-lineage.ts";
import type { AttemptParts } from "./attempt-parts.ts";
import type { AttemptPlan } from "./attempt-plan.ts";
import type { CollectedOutput } from "./collect-outputs.ts";
import type { StepLog } from "./step-log.ts";

/** An attempt that has run. */
export type RanAttempt = {
  readonly plan: AttemptPlan;
  readonly call: Call;
  readonly mark: string;
  readonly experimentRun: string;
  readonly stepLog: StepLog;
  readonly usage: ProcessUsage | null;
  readonly exitCode: number | null;
};

/** Makes the ends of attempts; each runs in the one transaction that settles the step's work. */
export function createEndAttempt(parts: AttemptParts) {
  const { artifacts, events, lineage, stepTokens, datasets, runs, advance, commits, now } = parts;

  async function closeAttempt(
    tx: Tx,
    ran: RanAttempt,
    end: { state: "succeeded" | "failed"; problem: string | null },
  ): Promise<void> {
    const { plan, call, usage } = ran;
    await ran.stepLog.writeRest(tx);
    const place = { run: plan.run.id, step: plan.row.name, number: plan.number };
    await attemptsStore(tx).end(place, { ...end, exitCode: ran.exitCode, usage });
    const counted: RunUsage | null = usage === null ? null : { attempt: plan.number, ...usage };
    const state = end.state === "succeeded" ? "finished" : "failed";
    await runs.end(tx, call, { run: ran.experimentRun, state, usage: counted });
    await stepTokens.end(tx, ran.mark);
  }

  async function keepOutputs(
    tx: Tx,
    { plan, call }: RanAttempt,
    collected: Readonly<Record<string, CollectedOutput>>,
  ): Promise<Record<string, StepOutput>> {
    const { run, row, definition } = plan;
    const outputs: Record<string, StepOutput> = {};
    const digests: string[] = [];
    for (const [name, output] of Object.entries(collected)) {
      if (output.kind === "dataset") {
        const version = await datasets.store(tx, call, {
          dataset: outputDataset([run.pipeline, row.name, name], definition.code),
          prepared: output.prepared,
          source: {
            kind: "step",
            name: stepPath({ pipeline: run.pipeline, run: run.number, step: row.name }),
            digest: definition.code,
          },
        });
        const subject = `/api/data/datasets/${version.dataset}/versions/${version.id}`;
        outputs[name] = { kind: "dataset", digest: version.id, bytes: version.bytes, subject };
      } else {
        const { kind, artifact, files } = output;
        outputs[name] = { kind, ...artifact, subject: null, ...folderOf(files) };
        digests.push(...artifactsOf(outputs[name]));
      }
    }
    if (digests.length > 0) {
      const subject = stepPath({ pipeline: run.pipeline, run: run.number, step: row.name });
      await artifacts.retain(tx, { project: run.project, subject }, digests);
    }
    return outputs;
  }

  /** Commits a result: outputs, the library step's own change, the cache, lineage, and whatever may start now. */
  async function succeed(
    tx: Tx,
    ran: RanAttempt,
    made: {
      collected: Readonly<Record<string, CollectedOutput>>;
      inputs: Readonly<Record<string, StepInput>>;
    },
  ): Promise<void> {
    const { plan, call, experimentRun } = ran;
    const { run, row, definition } = plan;
    const store = runsStore(tx);
    await store.lock(run.id);
    await closeAttempt(tx, ran, { state: "succeeded", problem: null });
    const kept = await keepOutputs(tx, ran, made.collected);
    const report = ran.stepLog.report();
    const commit = definition.work.kind === "library" ? commits.get(definition.work.name) : undefined;
    const committed = await commit?.commit(tx, report.commit, {
      call,
      pipeline: run.pipeline,
      run: run.number,
      step: row.name,
      runSubject: runPath(run.pipeline, run.number),
      experimentRun,
      record: ran.stepLog.record,
      inputs: made.inputs,
      outputs: kept,
    });
    const outputs = Object.fromEntries(
      Object.entries(kept).map(([name, output]) => [
        name,
        { ...output, subject: committed?.subjects?.[name] ?? output.subject },
      ]),
    );
    const summary = committed?.summary ?? report.summary;
    const endedAt = now();
    await store.updateStep(run.id, row.name, { state: "succeeded", outputs, summary, endedAt });
    if (definition.cache && row.cacheKey !== null) {
      await store.upsertResult({
        pipeline: run.pipelineId,
        cacheKey: row.cacheKey,
        run: run.id,
        number: run.number,
        step: row.name,
        outputs,
        summary,
        createdAt: endedAt,
      });
    }
    await events.record(tx, call, {
      type: "pipelines.step-ended",
      subject: stepPath({ pipeline: run.pipeline, run: run.number, step: row.name }),
      data: { state: "succeeded", attempt: plan.number, summary },
    });
    await lineage.link(
      tx,
      call.scope,
      attemptLineage({ run, step: row.name, experimentRun, inputs: made.inputs, outputs }),
    );
    await advance(tx, run.id);
  }

  /** Notes a failure that is tried again; the work goes back to the queue in the same transaction. */
  async function failForNow(tx: Tx, ran: RanAttempt, failed: FailedAttempt): Promise<void> {
    const { run, row } = ran.plan;
    await runsStore(tx).lock(run.id);
    await closeAttempt(tx, ran, { state: "failed", problem: failed.problem });
    await runsStore(tx).updateStep(run.id, row.name, {
      state: "queued",
      failures: failed.failures,
      kills: failed.kills,
    });
    await advance(tx, run.id);
  }

  /** Ends the step as failed; what needs it is skipped. */
  async function failForGood(tx: Tx, ran: RanAttempt, failed: FailedAttempt): Promise<void> {
    const { run, row } = ran.plan;
    await runsStore(tx).lock(run.id);
    await closeAttempt(tx, ran, { state: "failed", problem: failed.problem });
    await runsStore(tx).updateStep(run.id, row.name, {
      state: "failed",
      problem: failed.problem,
      failures: failed.failures,
      kills: failed.kills,
      endedAt: now(),
    });
    await events.record(tx, ran.call, {
      type: "pipelines.step-ended",
      subject: stepPath({ pipeline: run.pipeline, run: run.number, step: row.name }),
      data: { state: "failed", attempt: ran.plan.number, problem: failed.problem },
    });
    await advance(tx, run.id);
  }

  /** The queue ended the work: it was cancelled, its workers died too often, or it failed before its process began. */
  async function endInterrupted(tx: Tx, work: Work, ending: Ending): Promise<void> {
    const payload = work.payload as StepPayload; // written by `advance`
    const store = runsStore(tx);
    const run = await store.lock(payload.run);
    if (run === undefined) return;
    const call = runCall(run);
    for (const open of await attemptsStore(tx).listOpen(run.id, payload.step)) {
      const place = { run: run.id, step: payload.step, number: open.number };
      const problem = ending.state === "cancelled" ? null : ending.problem.detail;
      await attemptsStore(tx).end(place, { state: ending.state, exitCode: null, problem, usage: null });
      await stepTokens.end(tx, open.mark);
      if (open.experimentRun !== null) {
        const state = ending.state === "cancelled" ? "killed" : "failed";
        await runs.end(tx, call, { run: open.experimentRun, state, usage: null });
      }
    }
    await store.updateStep(run.id, payload.step, {
      state: ending.state,
      problem: ending.state === "failed" ? ending.problem.detail : null,
      endedAt: now(),
    });
    await events.record(tx, call, {
      type: "pipelines.step-ended",
      subject: stepPath({ pipeline: run.pipeline, run: run.number, step: payload.step }),
      data: { state: ending.state },
    });
    await advance(tx, run.id);
  }

  return { succeed, failForNow, failForGood, endInterrupted };
}

/** What an output that is a folder says beside its digest; nothing of a file. */
function folderOf(files: readonly OutputFile[] | undefined): Partial<Pick<StepOutput, "files" | "bytes">> {
  if (files === undefined) return {};
  return { files: [...files], bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** A failure with the counts that it makes. */
export type FailedAttempt = { readonly problem: string; readonly failures: number; readonly kills: number };
