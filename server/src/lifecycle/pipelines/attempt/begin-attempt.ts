import type { Permission, RunRecord } from "@causeway/contract";
import type { Call, StepTokens } from "../../../platform/access/index.ts";
import { notify, type Tx } from "../../../platform/database/index.ts";
import type { RunWriter } from "../../experiments/index.ts";
import { RUN_CHANGED } from "../advance-runner.ts";
import { attemptsStore } from "../attempts-store.ts";
import { runsStore } from "../runs-store.ts";
import type { AttemptPlan } from "./attempt-plan.ts";

/** What a step may do at control: read what it works on, log what it finds, register what it logged. */
const STEP_PERMISSIONS: readonly Permission[] = [
  "platform:execute",
  "platform:read",
  "data:read",
  "experiments:read",
  "experiments:write",
  "pipelines:read",
  "registry:read",
  "registry:register",
];

/** The longest that a token lives without being ended; steps without a timeout may run for weeks. */
const LONGEST_TOKEN_MS = 30 * 86_400_000;

/** What an attempt is given as it begins. */
export type Beginning = { readonly experimentRun: string; readonly token: string };

type Begin = {
  readonly plan: AttemptPlan;
  readonly call: Call;
  readonly mark: string;
  readonly worker: string;
  readonly record: RunRecord;
};

type Parts = {
  readonly stepTokens: StepTokens;
  readonly runs: RunWriter;
  readonly now: () => Date;
};

/** Makes the beginning of attempts: closes what dead workers left open, opens the attempt with its run and its token. */
export function createBeginAttempt({ stepTokens, runs, now }: Parts) {
  async function closeLost(tx: Tx, { plan, call }: Begin): Promise<void> {
    const store = attemptsStore(tx);
    for (const lost of await store.listOpen(plan.run.id, plan.row.name)) {
      const place = { run: plan.run.id, step: plan.row.name, number: lost.number };
      await store.end(place, {
        state: "lost",
        exitCode: null,
        problem: "its worker died or stopped",
        usage: null,
      });
      await stepTokens.end(tx, lost.mark);
      if (lost.experimentRun !== null) {
        await runs.end(tx, call, { run: lost.experimentRun, state: "killed", usage: null });
      }
    }
  }

  return async function beginAttempt(tx: Tx, begin: Begin): Promise<Beginning> {
    const { plan, call, mark, worker, record } = begin;
    const { run, row, number, definition } = plan;
    await runsStore(tx).lock(run.id);
    await closeLost(tx, begin);
    const startedAt = now();
    const experimentRun = await runs.open(tx, call, {
      experiment: run.pipeline,
      name: `${row.name} ${run.number}${number === 1 ? "" : `.${number}`}`,
      step: { pipeline: run.pipeline, run: run.number, step: row.name },
      params: Object.fromEntries(
        Object.entries(row.params).map(([name, value]) => [
          name,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      ),
      record,
    });
    const token = await stepTokens.issue(tx, {
      attempt: mark,
      actor: call.actor,
      scope: call.scope,
      permissions: STEP_PERMISSIONS,
      expiresAt: new Date(
        startedAt.getTime() + Math.min(definition.timeoutMs ?? LONGEST_TOKEN_MS, LONGEST_TOKEN_MS),
      ),
    });
    await attemptsStore(tx).insert({
      run: run.id,
      step: row.name,
      number,
      worker,
      mark,
      experimentRun,
      startedAt,
    });
    await runsStore(tx).updateStep(run.id, row.name, {
      state: "running",
      ...(row.startedAt === null ? { startedAt } : {}),
    });
    if (run.state === "queued") await runsStore(tx).setState(run.id, { state: "running", problem: null });
    await notify(tx, { channel: RUN_CHANGED, payload: run.id });
    return { experimentRun, token };
  };
}
