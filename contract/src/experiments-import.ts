import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { ArtifactPath, ExperimentName, RunArtifact, RunState } from "./experiments.ts";
import { Digest, Real, Timestamp } from "./resource.ts";

/** Where imported things come from: `mlflow` for servers and folders of MLflow, `wandb` for runs that Weights & Biases wrote. */
export const IMPORT_SOURCES = ["mlflow", "wandb"] as const;
export const ImportSource = z.enum(IMPORT_SOURCES);
export type ImportSource = z.infer<typeof ImportSource>;

const SourceId = z.string().min(1).max(200);
const LoggedModelId = z.string().regex(/^m-[0-9a-f]{32}$/, "`m-` and 32 hexadecimal digits");
const Tags = z.record(z.string().min(1).max(250), z.string().max(100_000));

/** A dataset that a run read, as its tracker wrote it down. */
export const ImportedDataset = z.object({
  name: z.string().min(1).max(500),
  digest: z.string().min(1).max(36),
  sourceType: z.string(),
  source: z.string(),
  schema: z.string().nullable(),
  profile: z.string().nullable(),
  context: z.string().nullable(),
});
export type ImportedDataset = z.infer<typeof ImportedDataset>;

/** A run as another tracker kept it, without its points and files. */
export const ImportedRun = z.object({
  source: ImportSource,
  /** The run's id there. One of 32 hexadecimal digits is kept as the run's id here while nobody else has it. */
  sourceId: SourceId,
  experiment: ExperimentName,
  experimentTags: Tags.default({}),
  name: z.string().min(1).max(250),
  user: z.string().max(250).default(""),
  state: RunState,
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  deleted: z.boolean().default(false),
  params: z.record(z.string().min(1).max(250), z.string().max(100_000)).default({}),
  tags: Tags.default({}),
  datasets: z.array(ImportedDataset).max(1000).default([]),
  models: z
    .array(z.object({ id: LoggedModelId, direction: z.enum(["input", "output"]), step: z.int() }))
    .max(1000)
    .default([]),
});
export type ImportedRun = z.infer<typeof ImportedRun>;

/** `complete`: everything of it has come; it need not be sent again. */
export const ImportedRunState = z.object({ sourceId: z.string(), run: z.string(), complete: z.boolean() });
export type ImportedRunState = z.infer<typeof ImportedRunState>;

export const experimentsImport = {
  importRun: endpoint({
    method: "POST",
    path: "/api/experiments/imports",
    permission: "experiments:write",
    summary: "Makes a run as another tracker kept it, or answers the one that was made of it before.",
    input: ImportedRun,
    output: ImportedRunState,
    repeatable: true,
  }),
  importPoints: endpoint({
    method: "POST",
    path: "/api/experiments/imports/:run/points",
    permission: "experiments:write",
    summary:
      "Adds points to an imported run, also a deleted one; a point that is there already stays one point.",
    input: z.object({
      run: z.string().regex(/^[0-9a-f]{32}$/),
      points: z
        .array(
          z.object({ name: z.string().min(1).max(250), value: Real, step: z.int(), atMs: z.int().min(0) }),
        )
        .max(10_000),
    }),
    output: z.object({ points: z.int() }),
    repeatable: true,
  }),
  completeImport: endpoint({
    method: "POST",
    path: "/api/experiments/imports/:run/complete",
    permission: "experiments:write",
    summary: "Says that everything of an imported run has come.",
    input: z.object({ run: z.string().regex(/^[0-9a-f]{32}$/) }),
    output: ImportedRunState,
    repeatable: true,
  }),
  findImported: endpoint({
    method: "POST",
    path: "/api/experiments/imports/find",
    permission: "experiments:read",
    summary: "Which runs of another tracker are here already.",
    input: z.object({ source: ImportSource, sourceIds: z.array(SourceId).max(1000) }),
    output: z.object({ runs: z.array(ImportedRunState) }),
    repeatable: true,
  }),
  importLoggedModel: endpoint({
    method: "POST",
    path: "/api/experiments/imports/models",
    permission: "experiments:write",
    summary: "Makes a logged model with the id that it has elsewhere; one that is here already stays.",
    input: z.object({
      id: LoggedModelId,
      experiment: ExperimentName,
      name: z.string().min(1).max(500),
      modelType: z.string().nullable(),
      state: z.enum(["pending", "ready", "upload-failed"]),
      /** Id of its run where it comes from. */
      sourceRun: SourceId.nullable(),
      source: ImportSource,
      params: z.record(z.string(), z.string()).default({}),
      tags: Tags.default({}),
      createdAt: Timestamp,
    }),
    output: z.object({ id: LoggedModelId, existed: z.boolean() }),
    repeatable: true,
  }),
  uploadModelFile: endpoint({
    method: "POST",
    path: "/api/experiments/models/:model/files",
    permission: "experiments:write",
    summary: "Stores a file of a logged model under a path.",
    input: z.object({ model: LoggedModelId, path: ArtifactPath }),
    output: RunArtifact,
    body: "bytes",
  }),
  listModelFiles: endpoint({
    method: "GET",
    path: "/api/experiments/models/:model/files",
    permission: "experiments:read",
    summary: "Files of a logged model, by path.",
    input: z.object({ model: LoggedModelId }),
    output: z.object({ items: z.array(z.object({ path: z.string(), digest: Digest, bytes: z.int() })) }),
  }),
};
