import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { RunRecord, RunUsage } from "./experiments.ts";
import { Actor, Digest, Json, Name, Paging, page, Timestamp } from "./resource.ts";

/**
 * What an edge carries. `dataset` is a dataset version, `model` and `table` and `file` are artifacts, `report` is JSON. A
 * `model` and a `file` may also be a folder of files, as MLflow saves a model.
 */
export const PORT_KINDS = ["dataset", "model", "table", "file", "report"] as const;
export const PortKind = z.enum(PORT_KINDS);
export type PortKind = z.infer<typeof PortKind>;

/** `format` narrows a model: `onnx`, `ydf`, or `mlflow` for a folder of MLflow. */
export const Port = z.object({ kind: PortKind, format: z.string().optional() });
export type Port = z.infer<typeof Port>;

/** Where a value comes from: a pipeline param, an output of an earlier step, or a constant. */
export const Source = z.discriminatedUnion("from", [
  z.object({ from: z.literal("param"), param: z.string() }),
  z.object({ from: z.literal("step"), step: z.string(), output: z.string() }),
  z.object({ from: z.literal("value"), value: Json }),
]);
export type Source = z.infer<typeof Source>;

export const Resources = z.object({
  cpu: z.number().positive().optional(),
  memoryBytes: z.int().positive().optional(),
  /** Upper limit of the step's working folder, measured every second. */
  diskBytes: z.int().positive().optional(),
});
export type Resources = z.infer<typeof Resources>;

/** What a step runs. Paths are relative to the bundle's root. */
export const StepWork = z.discriminatedUnion("kind", [
  /** A function of the bundled TypeScript file. */
  z.object({ kind: z.literal("function") }),
  z.object({ kind: z.literal("python"), script: z.string(), lock: z.string().nullable() }),
  /** Run by `sh -c`. */
  z.object({ kind: z.literal("shell"), command: z.string() }),
  /** Shipped with Causeway, by name: `evaluate`, `register`. */
  z.object({ kind: z.literal("library"), name: z.string() }),
]);
export type StepWork = z.infer<typeof StepWork>;

export const StepDefinition = z.object({
  name: z.string().regex(/^[a-z0-9][a-zA-Z0-9._-]{0,62}$/),
  work: StepWork,
  /** Digest of what the step runs: bundle, script, command, or the library step's version. */
  code: Digest,
  /** Digest of the lock file's bytes, or null. */
  lock: Digest.nullable(),
  inputs: z.record(z.string(), z.object({ port: Port, source: Source })),
  params: z.record(z.string(), Source),
  /** JSON Schema of the params, defaults included. */
  paramsSchema: z.record(z.string(), Json),
  outputs: z.record(z.string(), Port),
  resources: Resources,
  retries: z.int().min(0).max(100),
  timeoutMs: z.int().positive().nullable(),
  cache: z.boolean(),
});
export type StepDefinition = z.infer<typeof StepDefinition>;

/** A pipeline as data: what a bundle's TypeScript file says once its graph is built. */
export const PipelineDefinition = z.object({
  name: Name,
  /** JSON Schema of the params; a dataset param is a string `name@version`. */
  paramsSchema: z.record(z.string(), Json),
  /** Params that are datasets. */
  datasetParams: z.array(z.string()),
  steps: z.array(StepDefinition).min(1).max(1000),
});
export type PipelineDefinition = z.infer<typeof PipelineDefinition>;

/** Digest names the bundle: code and locks, packed the same way from the same bytes. */
export const PipelineVersion = z.object({
  pipeline: Name,
  digest: Digest,
  definition: PipelineDefinition,
  createdAt: Timestamp,
  createdBy: Actor,
});
export type PipelineVersion = z.infer<typeof PipelineVersion>;

export const PIPELINE_RUN_STATES = [
  "queued",
  "running",
  "succeeded",
  "failed",
  "cancelling",
  "cancelled",
] as const;
export const PipelineRunState = z.enum(PIPELINE_RUN_STATES);
export type PipelineRunState = z.infer<typeof PipelineRunState>;

export const STEP_STATES = [
  "waiting",
  "queued",
  "running",
  "succeeded",
  "cached",
  "failed",
  "skipped",
  "cancelled",
] as const;
export const StepState = z.enum(STEP_STATES);
export type StepState = z.infer<typeof StepState>;

export const Attempt = z.object({
  number: z.int(),
  state: z.enum(["running", "succeeded", "failed", "cancelled", "lost"]),
  worker: z.string(),
  /** The experiment run that the attempt's logging lands in, or null. */
  run: z.string().nullable(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  exitCode: z.int().nullable(),
  problem: z.string().nullable(),
  usage: RunUsage.omit({ attempt: true }).nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

/** A file of an output that is a folder; `path` begins in the folder. */
export const OutputFile = z.object({ path: z.string(), digest: Digest, bytes: z.int() });
export type OutputFile = z.infer<typeof OutputFile>;

/** What a step made. `subject` is the REST path of a dataset version or model version, where it is one. */
export const StepOutput = z.object({
  kind: PortKind,
  digest: Digest,
  bytes: z.int(),
  subject: z.string().nullable(),
  /** Of a folder: its files in the order of their paths. `digest` is that of this list as JSON, `bytes` what they take together. */
  files: z.array(OutputFile).optional(),
});
export type StepOutput = z.infer<typeof StepOutput>;

export const StepRun = z.object({
  name: z.string(),
  state: StepState,
  /** Why it ran or did not: "first run", "param trees 300 → 500", "same data, code, params". */
  why: z.string().nullable(),
  /** Number of the pipeline run whose results it took, when cached. */
  cachedFrom: z.int().nullable(),
  /** One line for people, for example "auc 0.846 (0.821 to 0.869), n 1,409". */
  summary: z.string().nullable(),
  attempts: z.array(Attempt),
  outputs: z.record(z.string(), StepOutput),
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type StepRun = z.infer<typeof StepRun>;

export const PipelineRun = z.object({
  pipeline: Name,
  number: z.int(),
  version: Digest,
  state: PipelineRunState,
  params: z.record(z.string(), Json),
  /** Dataset params with the version that they meant when the run was made. */
  datasets: z.record(z.string(), z.object({ dataset: Name, version: Digest })),
  steps: z.array(StepRun),
  problem: z.string().nullable(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  createdBy: Actor,
});
export type PipelineRun = z.infer<typeof PipelineRun>;

export const LogLine = z.object({
  /** Grows within a run; give it back as `after`. */
  position: z.int(),
  step: z.string(),
  attempt: z.int(),
  stream: z.enum(["stdout", "stderr", "platform"]),
  at: Timestamp,
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

/** What `followRun` sends: the whole run when its state changes, log lines as they are written; `text` is the line to print. */
export const PipelineRunEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("run"), run: PipelineRun, text: z.string() }),
  z.object({ kind: z.literal("step"), step: StepRun, text: z.string() }),
  z.object({ kind: z.literal("log"), line: LogLine, text: z.string() }),
]);
export type PipelineRunEvent = z.infer<typeof PipelineRunEvent>;

export const Pipeline = z.object({
  name: Name,
  latest: PipelineVersion,
  /** The newest 20 runs, newest first, without steps. */
  runs: z.array(PipelineRun.omit({ steps: true })),
  createdAt: Timestamp,
});
export type Pipeline = z.infer<typeof Pipeline>;

const InPipeline = z.object({ pipeline: Name });
const InPipelineRun = InPipeline.extend({ number: z.coerce.number<number>().int().positive() });

export const pipelines = {
  uploadBundle: endpoint({
    method: "POST",
    path: "/api/pipelines/bundles",
    permission: "pipelines:write",
    summary: "Stores a bundle (gzipped tar of code and locks) under its digest.",
    input: z.object({}),
    output: z.object({ digest: Digest, bytes: z.int() }),
    body: "bytes",
  }),
  deploy: endpoint({
    method: "POST",
    path: "/api/pipelines/pipelines/:pipeline/versions",
    permission: "pipelines:write",
    summary: "Makes an uploaded bundle a version of a pipeline; the same bundle again is the same version.",
    input: InPipeline.extend({ bundle: Digest, definition: PipelineDefinition }),
    output: PipelineVersion,
    repeatable: true,
  }),
  listPipelines: endpoint({
    method: "GET",
    path: "/api/pipelines/pipelines",
    permission: "pipelines:read",
    summary: "Pipelines by name with their newest version and runs.",
    input: Paging,
    output: page(Pipeline),
  }),
  getPipeline: endpoint({
    method: "GET",
    path: "/api/pipelines/pipelines/:pipeline",
    permission: "pipelines:read",
    summary: "A pipeline with its newest version.",
    input: InPipeline,
    output: Pipeline,
  }),
  listVersions: endpoint({
    method: "GET",
    path: "/api/pipelines/pipelines/:pipeline/versions",
    permission: "pipelines:read",
    summary: "Versions of a pipeline, newest first.",
    input: InPipeline.extend(Paging.shape),
    output: page(PipelineVersion),
  }),
  startRun: endpoint({
    method: "POST",
    path: "/api/pipelines/pipelines/:pipeline/runs",
    permission: "pipelines:write",
    summary: "Starts a run of a version (the newest when absent) with params.",
    input: InPipeline.extend({
      version: z.string().optional(),
      params: z.record(z.string(), Json).default({}),
      /** Runs every step, whatever the cache holds. */
      fresh: z.boolean().default(false),
      /** What the client knows of the code that it deployed: commit, difference, machine. */
      record: RunRecord.optional(),
    }),
    output: PipelineRun,
  }),
  listRuns: endpoint({
    method: "GET",
    path: "/api/pipelines/runs",
    permission: "pipelines:read",
    summary: "Runs of one pipeline or of all, newest first.",
    input: Paging.extend({ pipeline: Name.optional() }),
    output: page(PipelineRun),
  }),
  getRun: endpoint({
    method: "GET",
    path: "/api/pipelines/pipelines/:pipeline/runs/:number",
    permission: "pipelines:read",
    summary: "A run with its steps and attempts.",
    input: InPipelineRun,
    output: PipelineRun,
  }),
  followRun: endpoint({
    method: "GET",
    path: "/api/pipelines/pipelines/:pipeline/runs/:number/stream",
    permission: "pipelines:read",
    summary: "A run's changes and log lines, from the start or from a log position, until it ends.",
    input: InPipelineRun.extend({ after: z.coerce.number<number>().int().min(0).default(0) }),
    output: PipelineRunEvent,
    answer: "events",
  }),
  listLogs: endpoint({
    method: "GET",
    path: "/api/pipelines/pipelines/:pipeline/runs/:number/logs",
    permission: "pipelines:read",
    summary: "Log lines of a run, or of one step, in order.",
    input: InPipelineRun.extend({ ...Paging.shape, step: z.string().optional() }),
    output: page(LogLine),
  }),
  cancelRun: endpoint({
    method: "POST",
    path: "/api/pipelines/pipelines/:pipeline/runs/:number/cancel",
    permission: "pipelines:write",
    summary: "Stops a run and every process of its steps.",
    input: InPipelineRun,
    output: PipelineRun,
    repeatable: true,
  }),
  downloadOutput: endpoint({
    method: "GET",
    path: "/api/pipelines/pipelines/:pipeline/runs/:number/steps/:step/outputs/:output",
    permission: "pipelines:read",
    summary:
      "The bytes of a step's output (model, table, file, report); of a folder those of the file at a path, or without one its list of files.",
    input: InPipelineRun.extend({
      step: z.string(),
      output: z.string(),
      /** Of a file in an output that is a folder. */
      path: z.string().min(1).max(1000).optional(),
    }),
    output: z.unknown(),
    answer: "bytes",
  }),
};
