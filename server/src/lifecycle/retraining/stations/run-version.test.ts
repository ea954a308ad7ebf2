import type { PipelineRun } from "@causeway/contract";
import { expect, it } from "vitest";
import { versionOf } from "./run-version.ts";

/** A run whose step `train` registered version 5 by an MLflow client, in the experiment run `e4`. */
const earlier = {
  pipeline: "churn",
  number: 4,
  steps: [
    { name: "split", cachedFrom: null, outputs: {}, attempts: [{ run: "e3" }] },
    { name: "train", cachedFrom: null, outputs: {}, attempts: [{ run: "e4" }] },
  ],
};

/** What a later run made, whose steps were taken from the earlier one where `cached` names them. */
function made(cached: readonly string[]): Promise<number> {
  const steps = earlier.steps.map((step) => ({ ...step, cachedFrom: cached.includes(step.name) ? 4 : null }));
  const parts = {
    registry: {
      findVersionOfRun: async ({ number }: { number: number }) =>
        number === 4 ? { version: 5, run: "e4" } : undefined,
    },
    pipelines: { getRun: async () => earlier },
  };
  const visit = { policy: { model: "churn" }, call: {} };
  // Of the stage's parts and of a run only what is read here.
  return versionOf(
    parts as never,
    visit as never,
    { ...earlier, number: 7, steps } as unknown as PipelineRun,
  );
}

it("T3/mlflow takes the version of a step that was taken from the cache, and of no other step of that run", async () => {
  expect(await made(["split", "train"])).toBe(5);
  await expect(made(["split"])).rejects.toMatchObject({
    message: "Run 7 of churn registered no version of churn",
    help: expect.stringContaining('log_model(..., registered_model_name="churn")'),
  });
});
