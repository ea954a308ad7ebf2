import { CausewayError, upstreamOf } from "@causeway/contract";
import { isConnectionLost } from "../../../platform/database/index.ts";
import { attemptOf, startProcess } from "../../../platform/processes/index.ts";
import { defineWork, type Job, type WorkDefinition } from "../../../platform/work/index.ts";
import { runCall, STEP_WORK, type StepPayload } from "../advance-runner.ts";
import { type AttemptFailure, decideRetry } from "../retry-decision.ts";
import { runsStore } from "../runs-store.ts";
import type { StepInput } from "../step-input.ts";
import type { SpareOrder } from "../step-process/spare-order.ts";
import type { StepOrder } from "../step-process/step-order.ts";
import {
  type AttemptFolder,
  makeAttemptFolder,
  removeAttemptFolder,
  writePrivate,
} from "./attempt-folder.ts";
import { judgeOutcome } from "./attempt-outcome.ts";
import type { AttemptParts } from "./attempt-parts.ts";
import { type AttemptPlan, readPlan } from "./attempt-plan.ts";
import { attemptRecord } from "./attempt-record.ts";
import { type Beginning, createBeginAttempt } from "./begin-attempt.ts";
import { createOutputCollector } from "./collect-outputs.ts";
import { createEndAttempt, type FailedAttempt, type RanAttempt } from "./end-attempt.ts";
import { createSpareProcesses, type SpareKind } from "./spare-processes.ts";
import { stepCommand } from "./step-command.ts";
import { createInputFiles } from "./step-input-files.ts";
import { createStepLog } from "./step-log.ts";

/** Makes the kind of work that runs one attempt of one step in a process of its own. */
export function createStepWork(parts: AttemptParts): WorkDefinition {
  const { database, now, log } = parts;
  const placeInputs = createInputFiles(parts);
  const collectOutputs = createOutputCollector(parts);
  const beginAttempt = createBeginAttempt(parts);
  const ends = createEndAttempt(parts);
  const spares = createSpareProcesses({ ...parts.command, owner: parts.owner });

  async function run(job: Job<StepPayload>): Promise<void> {
    const plan = await readPlan(database, job.payload);
    if (plan.run.state === "cancelling") {
      return job.finish(async (tx) => {
        await runsStore(tx).lock(plan.run.id);
        await runsStore(tx).updateStep(plan.run.id, plan.row.name, { state: "cancelled", endedAt: now() });
        await parts.advance(tx, plan.run.id);
        return { state: "cancelled" };
      });
    }
    const folder = await makeAttemptFolder(parts.command.dataDir, attemptOf(job));
    try {
      await attempt(job, plan, folder);
    } finally {
      await removeAttemptFolder(folder);
    }
  }

  async function attempt(job: Job<StepPayload>, plan: AttemptPlan, folder: AttemptFolder): Promise<void> {
    const call = runCall(plan.run, job.signal);
    const mark = attemptOf(job);
    const [inputs, bundle] = await Promise.all([
      placeInputs({ plan, folder: folder.inputs, call }),
      plan.definition.work.kind === "library" ? "" : parts.bundles(plan.run.version),
    ]);
    const record = attemptRecord({
      ...plan,
      inputs,
      hardware: parts.hardware,
      nodeVersion: process.versions.node,
    });
    const beginning = await job.record((tx) =>
      beginAttempt(tx, { plan, call, mark, worker: job.worker, record }),
    );
    const stepLog = createStepLog({
      ...parts,
      record,
      place: { run: plan.run.id, step: plan.row.name, attempt: plan.number },
      experimentRun: beginning.experimentRun,
    });
    const ran: RanAttempt = {
      plan,
      call,
      mark,
      experimentRun: beginning.experimentRun,
      stepLog,
      usage: null,
      exitCode: null,
    };
    try {
      const outcome = await start({ job, ran, folder, bundle, inputs, beginning });
      job.signal.throwIfAborted();
      const ended: RanAttempt = { ...ran, usage: outcome.usage, exitCode: outcome.exitCode };
      const failure = judgeOutcome(outcome, plan.definition, stepLog.report());
      if (failure !== null) return await settleFailure(job, ended, failure);
      const collected = await collect({ job, ran: ended, folder, inputs });
      if (collected.outputs === undefined) return await settleFailure(job, ended, collected);
      await stepLog.settle();
      await job.finish(async (tx) => {
        await ends.succeed(tx, ended, { collected: collected.outputs, inputs });
        return { state: "succeeded" };
      });
      stepLog.forgetRest();
    } catch (error) {
      job.signal.throwIfAborted();
      if (!isStepsOwn(error)) throw error;
      await settleFailure(job, ran, { failure: "failed", problem: explain(error) });
    } finally {
      await stepLog.flush();
    }
  }

  type Start = {
    readonly job: Job<StepPayload>;
    readonly ran: RanAttempt;
    readonly folder: AttemptFolder;
    readonly bundle: string;
    readonly inputs: Readonly<Record<string, StepInput>>;
    readonly beginning: Beginning;
  };

  async function start({ job, ran, folder, bundle, inputs, beginning }: Start) {
    const { definition, run: pipelineRun, row, number } = ran.plan;
    const outputs = Object.fromEntries(
      Object.keys(definition.outputs).map((name) => [name, `${folder.outputs}/${name}`]),
    );
    const preparation =
      definition.work.kind === "library" ? parts.preparations.get(definition.work.name) : undefined;
    const prepared = await preparation?.prepare({
      inputs,
      attempt: ran.mark,
      signal: job.signal,
      say: ran.stepLog.say,
    });
    const order: StepOrder = {
      run: `${pipelineRun.pipeline}/${pipelineRun.number}`,
      step: row.name,
      attempt: number,
      params: row.params,
      inputs,
      outputs,
      url: parts.url,
      tokenFile: folder.tokenFile,
      experimentRun: beginning.experimentRun,
      folder: folder.work,
      work: definition.work,
      ...(prepared === undefined ? {} : { prepared }),
      ports: definition.outputs,
      bundle,
    };
    await Promise.all([
      writePrivate(folder.stepFile, JSON.stringify(order)),
      writePrivate(folder.tokenFile, beginning.token),
    ]);
    const command = await stepCommand(parts.command, {
      definition,
      folder,
      bundle,
      attempt: ran.mark,
      pipeline: pipelineRun.pipeline,
      experimentRun: beginning.experimentRun,
      url: parts.url,
      token: beginning.token,
      signal: job.signal,
      say: ran.stepLog.say,
    });
    const { timeoutMs, resources } = definition;
    const { kind } = definition.work;
    const spare = kind === "function" || kind === "library" ? spares.take(kind) : undefined;
    const started =
      spare ?? startProcess({ ...command, cwd: folder.work, attempt: ran.mark, owner: parts.owner });
    const spareOrder: SpareOrder = {
      stepFile: folder.stepFile,
      folder: folder.work,
      variables: command.variables,
    };
    spares.prepare(followerKinds(ran.plan));
    return started.watch({
      ...(spare === undefined ? {} : { stdin: `${JSON.stringify(spareOrder)}\n` }),
      signal: job.signal,
      limits: {
        folder: folder.root,
        ...(timeoutMs === null ? {} : { timeoutMs }),
        ...(resources.memoryBytes === undefined ? {} : { memoryBytes: resources.memoryBytes }),
        ...(resources.diskBytes === undefined ? {} : { diskBytes: resources.diskBytes }),
      },
      onLine: ({ stream, text }) => ran.stepLog.take(stream, text),
    });
  }

  /** What the step wrote; a fault of what it wrote is the step's failure, any other fault ours. */
  async function collect({ job, ran, folder, inputs }: Omit<Start, "bundle" | "beginning">) {
    try {
      const outputs = await collectOutputs({
        definition: ran.plan.definition,
        folder: folder.outputs,
        key: keyOf(inputs),
        attempt: ran.mark,
        signal: job.signal,
      });
      return { outputs };
    } catch (error) {
      job.signal.throwIfAborted();
      if (!isStepsOwn(error)) throw error;
      return { failure: "failed" as const, problem: explain(error) };
    }
  }

  type Failure = { readonly failure: AttemptFailure; readonly problem: string };

  async function settleFailure(
    job: Job<StepPayload>,
    ran: RanAttempt,
    { failure, problem }: Failure,
  ): Promise<void> {
    const { row, definition } = ran.plan;
    const failed: FailedAttempt = {
      problem,
      failures: row.failures + (failure === "killed" ? 0 : 1),
      kills: row.kills + (failure === "killed" ? 1 : 0),
    };
    const retry = decideRetry(failure, failed, definition.retries);
    log.info({ step: row.name, run: ran.plan.run.number, problem, retry }, "a step's attempt failed");
    void ran.stepLog.say(
      retry === null
        ? problem
        : `${problem}; trying again${retry.pauseMs === 0 ? "" : ` in ${retry.pauseMs / 1000} s`}`,
    );
    await ran.stepLog.settle();
    if (retry !== null) await job.requeue(retry.pauseMs, (tx) => ends.failForNow(tx, ran, failed));
    else {
      await job.finish(async (tx) => {
        await ends.failForGood(tx, ran, failed);
        return { state: "failed" };
      });
    }
    ran.stepLog.forgetRest();
  }

  return defineWork<StepPayload>({ kind: STEP_WORK, run, ended: ends.endInterrupted });
}

/** Processes that are started ahead at most: more would only share the same cores. */
const MOST_SPARES = 2;

/** The kinds of processes that the next steps will want, along the way that only Node's steps lie on. */
function followerKinds({ pipeline, row, steps }: AttemptPlan): SpareKind[] {
  const waiting = new Set(steps.filter(({ state }) => state === "waiting").map(({ name }) => name));
  const reached = new Set([row.name]);
  const kinds: SpareKind[] = [];
  for (const step of pipeline.steps) {
    const { kind } = step.work;
    if (kind !== "function" && kind !== "library") continue;
    if (!waiting.has(step.name) || !upstreamOf(step).some((name) => reached.has(name))) continue;
    reached.add(step.name);
    kinds.push(kind);
  }
  return kinds.slice(0, MOST_SPARES);
}

/** The column that names a row, if all datasets that a step reads agree on one: what it makes of them most often keeps it. */
function keyOf(inputs: Readonly<Record<string, StepInput>>): string | null {
  const keys = new Set(Object.values(inputs).flatMap(({ dataset }) => dataset?.key ?? []));
  const [key] = keys;
  return keys.size === 1 && key !== undefined ? key : null;
}

/** Faults of code, data or lock that a person can mend; the rest is the platform's and not held against the step. */
function isStepsOwn(error: unknown): error is CausewayError {
  return (
    error instanceof CausewayError &&
    !isConnectionLost(error) &&
    ["STEP_FAILED", "BAD_DATA", "BAD_MODEL", "BAD_PIPELINE", "NOT_FOUND", "INVALID_FIELD"].includes(
      error.code,
    )
  );
}

function explain({ message, help }: CausewayError): string {
  return help === undefined ? message : `${message}. ${help}`;
}
