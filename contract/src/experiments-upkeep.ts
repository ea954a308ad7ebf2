import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Experiment, ExperimentName, Run, RunState } from "./experiments.ts";
import { Paging, page, Timestamp } from "./resource.ts";

const InExperiment = z.object({ experiment: z.string() });
const RunIds = z
  .array(z.string().regex(/^[0-9a-f]{32}$/))
  .min(1)
  .max(1000);
const TagNames = z.array(z.string().min(1).max(250)).max(100);
const TagValues = z.record(z.string().min(1).max(250), z.string().max(8000));

/** What a clean-up removes, or would. */
export const Cleanup = z.object({
  /** True: nothing was removed. */
  dryRun: z.boolean(),
  experiments: z.int(),
  runs: z.int(),
  models: z.int(),
  points: z.int(),
  files: z.int(),
  /** Bytes of files that nothing else needs. */
  bytes: z.int(),
  /** Runs and logged models that stay though they are deleted or named, and why. */
  kept: z.array(z.object({ run: z.string(), reason: z.string() })),
});
export type Cleanup = z.infer<typeof Cleanup>;

/** Runs of an experiment that changed; a client reads them anew. */
export const RunChanges = z.object({ runs: z.array(z.string()) });
export type RunChanges = z.infer<typeof RunChanges>;

/** A model that a run logged. */
export const LoggedModel = z.object({
  /** `m-` and 32 hexadecimal digits. */
  id: z.string(),
  name: z.string(),
  experiment: z.object({ id: z.string(), name: ExperimentName }),
  modelType: z.string().nullable(),
  state: z.enum(["pending", "ready", "upload-failed"]),
  run: z.string().nullable(),
  params: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  /** Versions that were registered from it. */
  versions: z.array(z.object({ model: z.string(), version: z.int() })),
  createdAt: Timestamp,
});
export type LoggedModel = z.infer<typeof LoggedModel>;

export const experimentsUpkeep = {
  getExperiment: endpoint({
    method: "GET",
    path: "/api/experiments/experiments/:experiment",
    permission: "experiments:read",
    summary: "An experiment by its name or number, also a deleted one.",
    input: InExperiment,
    output: Experiment,
  }),
  updateExperiment: endpoint({
    method: "PATCH",
    path: "/api/experiments/experiments/:experiment",
    permission: "experiments:write",
    summary: "Renames an experiment, writes its note (Markdown), sets and removes tags.",
    input: InExperiment.extend({
      name: ExperimentName.optional(),
      note: z.string().max(100_000).optional(),
      set: z.record(z.string().min(1).max(250), z.string().max(5000)).default({}),
      remove: TagNames.default([]),
    }),
    output: Experiment,
  }),
  deleteExperiment: endpoint({
    method: "DELETE",
    path: "/api/experiments/experiments/:experiment",
    permission: "experiments:write",
    summary: "Deletes an experiment with its runs; it can be restored until a clean-up.",
    input: InExperiment,
    output: z.object({}),
  }),
  restoreExperiment: endpoint({
    method: "POST",
    path: "/api/experiments/experiments/:experiment/restore",
    permission: "experiments:write",
    summary: "Brings a deleted experiment back, with the runs that went with it.",
    input: InExperiment,
    output: Experiment,
    repeatable: true,
  }),
  followExperiment: endpoint({
    method: "GET",
    path: "/api/experiments/experiments/:experiment/stream",
    permission: "experiments:read",
    summary: "Which runs of an experiment changed, at most four times a second.",
    input: InExperiment,
    output: RunChanges,
    answer: "events",
  }),
  updateRun: endpoint({
    method: "PATCH",
    path: "/api/experiments/runs/:run",
    permission: "experiments:write",
    summary: "Renames a run or writes its note (Markdown).",
    input: z.object({
      run: z.string(),
      name: z.string().min(1).max(250).optional(),
      note: z.string().max(100_000).optional(),
      state: RunState.optional(),
    }),
    output: Run,
  }),
  tagRuns: endpoint({
    method: "POST",
    path: "/api/experiments/runs/tag",
    permission: "experiments:write",
    summary: "Sets and removes tags of many runs in one commit.",
    input: z.object({ runs: RunIds, set: TagValues.default({}), remove: TagNames.default([]) }),
    output: z.object({ runs: z.int() }),
    repeatable: true,
  }),
  deleteRuns: endpoint({
    method: "POST",
    path: "/api/experiments/runs/delete",
    permission: "experiments:write",
    summary: "Deletes runs; they can be restored until a clean-up.",
    input: z.object({ runs: RunIds }),
    output: z.object({ runs: z.int() }),
    repeatable: true,
  }),
  restoreRuns: endpoint({
    method: "POST",
    path: "/api/experiments/runs/restore",
    permission: "experiments:write",
    summary: "Brings deleted runs back.",
    input: z.object({ runs: RunIds }),
    output: z.object({ runs: z.int() }),
    repeatable: true,
  }),
  cleanUp: endpoint({
    method: "POST",
    path: "/api/experiments/clean-up",
    permission: "platform:admin",
    summary:
      "Removes deleted runs, models and experiments for good with their files; with dryRun it only tells what would go. What a model version or a deployment needs stays.",
    input: z.object({
      /** Only these runs; absent: every deleted one. */
      runs: RunIds.optional(),
      /** Only what was deleted at least this long ago. */
      olderThanDays: z.number().min(0).max(36_500).default(0),
      dryRun: z.boolean().default(true),
    }),
    output: Cleanup,
    repeatable: true,
  }),
  listLoggedModels: endpoint({
    method: "GET",
    path: "/api/experiments/models",
    permission: "experiments:read",
    summary: "Models that runs logged, newest first, of one run, of one experiment, or of all.",
    input: Paging.extend({ run: z.string().optional(), experiment: z.string().optional() }),
    output: page(LoggedModel),
  }),
};
