import { type PipelineRun, type Profile, type Run, RunRecord } from "@causeway/contract";
import { expect, it } from "vitest";
import { systemCall } from "../../platform/access/index.ts";
import { createTrainingRuns } from "./training-run-service.ts";

type Step = Pick<PipelineRun["steps"][number], "name" | "cachedFrom"> & {
  attempts: { state: string; run: string | null }[];
};

const call = systemCall({ project: "default", environment: "dev" }, "tester");
const record = RunRecord.parse({
  data: [
    { name: "rows", dataset: "customers", digest: "b".repeat(64) },
    { name: "weights", dataset: null, digest: "c".repeat(64) },
  ],
});
const profile: Profile = { rows: 3, columns: [] };

function finder(runs: Record<number, Step[]>) {
  return createTrainingRuns({
    // Only the members that are read are there.
    pipelines: { getRun: async ({ number }) => ({ steps: runs[number] ?? [] }) as unknown as PipelineRun },
    data: { getProfile: async () => profile },
    experiments: { getRun: async ({ run }) => ({ id: run, name: "churn 1 train", record }) as Run },
  });
}

const attempt = (state: string, run: string | null) => ({ state, run });
const path = (number: number, step = "train") =>
  `/api/pipelines/pipelines/churn/runs/${number}/steps/${step}/outputs/model`;

it("finds the run of the attempt that succeeded", async () => {
  const attempts = [attempt("failed", "a"), attempt("succeeded", "b")];
  const { find } = finder({ 1: [{ name: "train", cachedFrom: null, attempts }] });
  expect(await find(path(1), call)).toEqual({ id: "b", name: "churn 1 train", record, profiles: [profile] });
});

it("goes to the run whose results a cached step took", async () => {
  const { find } = finder({
    1: [{ name: "train", cachedFrom: null, attempts: [attempt("succeeded", "a")] }],
    4: [{ name: "train", cachedFrom: 1, attempts: [] }],
  });
  expect(await find(path(4), call)).toEqual({ id: "a", name: "churn 1 train", record, profiles: [profile] });
});

it("finds nothing for other subjects, other steps and attempts without a run", async () => {
  const { find } = finder({
    1: [{ name: "train", cachedFrom: null, attempts: [attempt("succeeded", null)] }],
  });
  expect(await find("/api/data/datasets/customers", call)).toBeUndefined();
  expect(await find(path(1, "fetch"), call)).toBeUndefined();
  expect(await find(path(1), call)).toBeUndefined();
});
