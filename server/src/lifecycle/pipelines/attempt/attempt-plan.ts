import { fail, type PipelineDefinition, type StepDefinition } from "@causeway/contract";
import type { Database } from "../../../platform/database/index.ts";
import type { StepPayload } from "../advance-runner.ts";
import { attemptsStore } from "../attempts-store.ts";
import { type RunRow, runsStore, type StepRow } from "../runs-store.ts";

/** What an attempt is to do, as the database tells it. */
export type AttemptPlan = {
  readonly run: RunRow;
  readonly pipeline: PipelineDefinition;
  readonly definition: StepDefinition;
  readonly row: StepRow;
  /** All steps of the run. */
  readonly steps: readonly StepRow[];
  /** Of this attempt, from 1. */
  readonly number: number;
};

/** Reads what an attempt needs in as few turns as there are. */
export async function readPlan({ db }: Pick<Database, "db">, payload: StepPayload): Promise<AttemptPlan> {
  const runs = runsStore(db);
  const [run, steps, last] = await Promise.all([
    runs.find(payload.run),
    runs.listSteps([payload.run]),
    attemptsStore(db).lastNumber(payload.run, payload.step),
  ]);
  const row = steps.find(({ name }) => name === payload.step);
  if (run === undefined || row === undefined) {
    throw fail("NOT_FOUND", {
      message: `There is no step ${payload.step} of the run ${payload.run}`,
      value: payload.run,
    });
  }
  const pipeline = await runs.findDefinition(run);
  const definition = pipeline.steps.find(({ name }) => name === payload.step);
  if (definition === undefined) {
    throw fail("NOT_FOUND", {
      message: `The version ${run.version} of ${run.pipeline} has no step ${payload.step}`,
      value: payload.step,
    });
  }
  return { run, pipeline, definition, row, steps, number: last + 1 };
}
