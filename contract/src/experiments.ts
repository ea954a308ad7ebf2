import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Actor, Digest, Json, Paging, page, Real, Timestamp } from "./resource.ts";

/** A name as MLflow allows it: any text without control characters. */
export const ExperimentName = z.string().min(1).max(500);

/** `id` is a number written as a string; the experiment `Default` is 0. */
export const Experiment = z.object({
  id: z.string().regex(/^\d+$/),
  name: ExperimentName,
  /** Markdown. */
  note: z.string(),
  tags: z.record(z.string(), z.string()),
  /** Where its files lie, for clients of MLflow. */
  artifactLocation: z.string(),
  /** Those that are not deleted; of a deleted experiment, those that come back with it. */
  runs: z.int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  /** Null: it is not deleted. */
  deletedAt: Timestamp.nullable(),
});
export type Experiment = z.infer<typeof Experiment>;

export const RUN_STATES = ["scheduled", "running", "finished", "failed", "killed"] as const;
export const RunState = z.enum(RUN_STATES);
export type RunState = z.infer<typeof RunState>;

/** One measured value. `step` counts from 0; `occurredAt` is when it was measured. */
export const MetricPoint = z.object({ value: Real, step: z.int(), occurredAt: Timestamp });
export type MetricPoint = z.infer<typeof MetricPoint>;

/** A metric of a run: its last point (greatest step, then time), its least and greatest finite values, and its length. */
export const Metric = z.object({
  name: z.string(),
  last: MetricPoint,
  min: Real,
  max: Real,
  points: z.int(),
});
export type Metric = z.infer<typeof Metric>;

/** What the five drivers of a run are, each as far as it is known. */
const DRIVERS = {
  /** Dataset versions read, by the name they were read under. */
  data: z.array(z.object({ name: z.string(), dataset: z.string().nullable(), digest: Digest })),
  code: z
    .object({
      commit: z.string().nullable(),
      branch: z.string().nullable(),
      repository: z.string().nullable(),
      /** Digest of the artifact that holds the uncommitted difference; null when the tree was clean. */
      diff: Digest.nullable(),
      /** Digest of the bundle or script that ran. */
      digest: Digest.nullable(),
    })
    .nullable(),
  config: z.record(z.string(), Json),
  seeds: z.record(z.string(), z.int()),
  /** The packages that ran: a pip or npm lock. */
  lock: z.object({ kind: z.string(), digest: Digest }).nullable(),
  runtime: z.string().nullable(),
  hardware: z
    .object({
      cpu: z.string(),
      cores: z.int(),
      memoryBytes: z.int(),
      os: z.string(),
      machine: z.string(),
      gpus: z.array(z.string()),
    })
    .nullable(),
};

/** What a run was made from: the five drivers, as far as they are known. */
export const RunRecord = z.object({
  data: DRIVERS.data.default([]),
  code: DRIVERS.code.default(null),
  config: DRIVERS.config.default({}),
  seeds: DRIVERS.seeds.default({}),
  lock: DRIVERS.lock.default(null),
  runtime: DRIVERS.runtime.default(null),
  hardware: DRIVERS.hardware.default(null),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** What is added to a record: what is absent stays as it is, so nothing here has a default. */
export const RunRecordChange = z.object(DRIVERS).partial();
export type RunRecordChange = z.infer<typeof RunRecordChange>;

/** What the pipeline attempts of a run used. */
export const RunUsage = z.object({
  attempt: z.int(),
  cpuSeconds: z.number(),
  peakMemoryBytes: z.int(),
  readBytes: z.int(),
  writtenBytes: z.int(),
});
export type RunUsage = z.infer<typeof RunUsage>;

/** A dataset that a run read, as its client described it. */
export const RunDataset = z.object({
  name: z.string(),
  digest: z.string(),
  sourceType: z.string(),
  source: z.string(),
  /** What it was read for, such as training; null where the client did not say. */
  context: z.string().nullable(),
});
export type RunDataset = z.infer<typeof RunDataset>;

/** A logged model that a run read or made. */
export const RunModel = z.object({
  /** `m-` and 32 hexadecimal digits. */
  id: z.string(),
  name: z.string(),
  direction: z.enum(["input", "output"]),
  step: z.int(),
});
export type RunModel = z.infer<typeof RunModel>;

export const Run = z.object({
  /** 32 random hexadecimal digits. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  experiment: z.object({ id: z.string(), name: ExperimentName }),
  name: z.string(),
  /** Who ran it, as the client said. */
  user: z.string(),
  state: RunState,
  /** Markdown. */
  note: z.string(),
  params: z.record(z.string(), z.string()),
  metrics: z.array(Metric),
  tags: z.record(z.string(), z.string()),
  datasets: z.array(RunDataset),
  models: z.array(RunModel),
  record: RunRecord,
  usage: z.array(RunUsage),
  /** The step that opened it, or null when it came from a client. */
  step: z.object({ pipeline: z.string(), run: z.int(), step: z.string() }).nullable(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  /** Null: it is not deleted. */
  deletedAt: Timestamp.nullable(),
  createdBy: Actor,
});
export type Run = z.infer<typeof Run>;

export const RunArtifact = z.object({ path: z.string(), digest: Digest, bytes: z.int() });
export type RunArtifact = z.infer<typeof RunArtifact>;

/** Relative, forward slashes, no `..`. */
export const ArtifactPath = z
  .string()
  .min(1)
  .max(500)
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\\0]+$/, "a relative path with forward slashes and no '..'");

const InRun = z.object({ run: z.string().regex(/^[0-9a-f]{6,32}$/) });

export const experiments = {
  createExperiment: endpoint({
    method: "POST",
    path: "/api/experiments/experiments",
    permission: "experiments:write",
    summary: "Makes an experiment, or answers the one of that name.",
    input: z.object({ name: ExperimentName }),
    output: Experiment,
    repeatable: true,
  }),
  listExperiments: endpoint({
    method: "GET",
    path: "/api/experiments/experiments",
    permission: "experiments:read",
    summary: "Experiments by number.",
    input: Paging,
    output: page(Experiment),
  }),
  startRun: endpoint({
    method: "POST",
    path: "/api/experiments/runs",
    permission: "experiments:write",
    summary: "Opens a run in an experiment (by name or number; `Default` when absent).",
    input: z.object({
      experiment: ExperimentName.default("Default"),
      name: z.string().max(250).optional(),
      tags: z.record(z.string(), z.string()).default({}),
      record: RunRecord.optional(),
      startedAt: Timestamp.optional(),
    }),
    output: Run,
  }),
  listRuns: endpoint({
    method: "GET",
    path: "/api/experiments/runs",
    permission: "experiments:read",
    summary: "Runs, newest first, of one experiment or of all.",
    input: Paging.extend({ experiment: z.string().optional() }),
    output: page(Run),
  }),
  getRun: endpoint({
    method: "GET",
    path: "/api/experiments/runs/:run",
    permission: "experiments:read",
    summary: "A run by its id or a prefix of 6 digits or more.",
    input: InRun,
    output: Run,
  }),
  log: endpoint({
    method: "POST",
    path: "/api/experiments/runs/:run/log",
    permission: "experiments:write",
    summary: "Adds params, metric points and tags in one commit. A param keeps its first value.",
    input: InRun.extend({
      params: z.record(z.string().min(1).max(250), z.string().max(6000)).default({}),
      metrics: z
        .array(
          z.object({
            name: z.string().min(1).max(250),
            value: Real,
            step: z.int().default(0),
            occurredAt: Timestamp.optional(),
          }),
        )
        .max(10_000)
        .default([]),
      tags: z.record(z.string().min(1).max(250), z.string().max(8000)).default({}),
    }),
    output: z.object({}),
  }),
  updateRecord: endpoint({
    method: "PATCH",
    path: "/api/experiments/runs/:run/record",
    permission: "experiments:write",
    summary: "Adds to what the run was made from: git state, config, seeds, lock, hardware.",
    input: InRun.extend({ record: RunRecordChange }),
    output: Run,
  }),
  endRun: endpoint({
    method: "POST",
    path: "/api/experiments/runs/:run/end",
    permission: "experiments:write",
    summary: "Closes a run.",
    input: InRun.extend({
      state: z.enum(["finished", "failed", "killed"]).default("finished"),
      endedAt: Timestamp.optional(),
    }),
    output: Run,
    repeatable: true,
  }),
  metricHistory: endpoint({
    method: "GET",
    path: "/api/experiments/runs/:run/metrics",
    permission: "experiments:read",
    summary: "The points of one metric by step and time.",
    input: InRun.extend({
      name: z.string(),
      limit: z.coerce.number<number>().int().min(1).max(10_000).default(1000),
      after: z.string().optional(),
    }),
    output: page(MetricPoint),
  }),
  listArtifacts: endpoint({
    method: "GET",
    path: "/api/experiments/runs/:run/artifacts",
    permission: "experiments:read",
    summary: "Files of a run, by path.",
    input: InRun.extend(Paging.shape),
    output: page(RunArtifact),
  }),
  uploadArtifact: endpoint({
    method: "POST",
    path: "/api/experiments/runs/:run/artifacts",
    permission: "experiments:write",
    summary: "Stores a file under a path of the run.",
    input: InRun.extend({ path: ArtifactPath }),
    output: RunArtifact,
    body: "bytes",
  }),
  downloadArtifact: endpoint({
    method: "GET",
    path: "/api/experiments/runs/:run/artifacts/content",
    permission: "experiments:read",
    summary: "A file of a run by its path.",
    input: InRun.extend({ path: ArtifactPath }),
    output: z.unknown(),
    answer: "bytes",
  }),
  previewArtifact: endpoint({
    method: "GET",
    path: "/api/experiments/runs/:run/artifacts/preview",
    permission: "experiments:read",
    summary:
      "A file of a run to be shown in a frame or as a picture: at most 10 MB, under a policy that lets nothing of it run.",
    input: InRun.extend({ path: ArtifactPath }),
    output: z.unknown(),
    answer: "bytes",
  }),
};
