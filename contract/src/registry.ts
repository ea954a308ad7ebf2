import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Estimate } from "./estimate.ts";
import { RunRecord } from "./experiments.ts";
import { AliasRule, Approval, ApprovalState, Gate, GateRequest } from "./gates.ts";
import { Lineage } from "./platform.ts";
import { Preparation, READY } from "./preparation.ts";
import {
  Actor,
  AliasName,
  Digest,
  Environment,
  Json,
  ModelName,
  Name,
  Paging,
  page,
  Timestamp,
} from "./resource.ts";

/** `mlflow` is a folder with an MLmodel file, run by Python in an environment of its own; the others are one file each. */
export const MODEL_FORMATS = ["onnx", "ydf", "mlflow"] as const;
export const ModelFormat = z.enum(MODEL_FORMATS);
export type ModelFormat = z.infer<typeof ModelFormat>;

/**
 * The types that a model's inputs can have on the wire. `tensor` is a nested list of numbers, `json` any value; both are
 * served and logged, and are no columns to watch. A tensor that is a table, [-1, n] of numbers, is n columns instead.
 */
export const FieldType = z.enum(["boolean", "integer", "double", "string", "tensor", "json"]);
export type FieldType = z.infer<typeof FieldType>;

/** One input column. A missing value is sent as null and allowed only where `nullable`. */
export const SignatureInput = z.object({
  name: z.string(),
  type: FieldType,
  nullable: z.boolean(),
  /** Values seen in training, for text with at most 100 of them. A value outside is served, and counted. */
  categories: z.array(z.string()).nullable(),
  /** Least and greatest value seen in training. */
  range: z.object({ min: z.number(), max: z.number() }).nullable(),
  /** True where a request may leave it out, by MLflow's protocol. */
  optional: z.literal(true).optional(),
  /** Of an input of the type `tensor`: numpy's name of its elements, and the shape of one row, where -1 is any size. */
  tensor: z.object({ dtype: z.string(), shape: z.array(z.int().min(-1)) }).optional(),
  /**
   * Of a column that is one number of a tensor: the tensor's name, null where it has none; numpy's name of its elements; the
   * shape of one row of it, which is empty or one size; and the place of this number in the row.
   */
  element: z
    .object({
      tensor: z.string().nullable(),
      dtype: z.string(),
      shape: z.array(z.int().positive()).max(1),
      at: z.int().nonnegative(),
    })
    .optional(),
});
export type SignatureInput = z.infer<typeof SignatureInput>;

/** A parameter of a request to a Python model, with its value where a request leaves it out. */
export const SignatureParam = z.object({
  name: z.string(),
  /** As MLflow names it: `long`, `double`, `string`, ... */
  type: z.string(),
  default: Json,
  list: z.boolean(),
});
export type SignatureParam = z.infer<typeof SignatureParam>;

export const Signature = z.object({
  task: z.enum(["classification", "regression", "other"]),
  target: z.string().nullable(),
  /** Class labels in the order of the model's scores; empty unless classification. */
  classes: z.array(z.string()),
  inputs: z.array(SignatureInput),
  /** What a request may set beside its records; Python models only. */
  params: z.array(SignatureParam).optional(),
  /** True where the model was logged without a signature: any record is given to it as it is. */
  open: z.literal(true).optional(),
  /** True where the model gives logits: the scores of its classes are the softmax of them, or of one the logistic function. */
  logits: z.literal(true).optional(),
});
export type Signature = z.infer<typeof Signature>;

/** What `evaluate` found for one model on one dataset version. */
export const EvaluationReport = z.object({
  task: z.enum(["classification", "regression"]),
  target: z.string(),
  /** The class whose score is judged, for two classes. */
  positive: z.string().nullable(),
  rows: z.int(),
  dataset: Digest,
  model: Digest,
  metrics: z.array(Estimate),
  /** Score thresholds with their true and false positive rates, at most 200 points; null unless two classes. */
  roc: z
    .array(z.object({ threshold: z.number(), truePositiveRate: z.number(), falsePositiveRate: z.number() }))
    .nullable(),
  calibration: z.array(z.object({ predicted: z.number(), observed: z.number(), rows: z.int() })).nullable(),
  confusion: z.object({ labels: z.array(z.string()), counts: z.array(z.array(z.int())) }).nullable(),
});
export type EvaluationReport = z.infer<typeof EvaluationReport>;

/** One answer of a model to one row. `scores` by class for classification. */
export const Prediction = z.object({
  value: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.number())]),
  scores: z.record(z.string(), z.number()).optional(),
});
export type Prediction = z.infer<typeof Prediction>;

/** A row that a version must answer as it did when it was registered (numbers within 1e-6 relative, text equal). */
export const GoldenRow = z.object({ record: z.record(z.string(), Json), prediction: Prediction });
export type GoldenRow = z.infer<typeof GoldenRow>;

/** Labels of old clients; they move no alias. */
export const REGISTRY_STAGES = ["none", "staging", "production", "archived"] as const;
export const RegistryStage = z.enum(REGISTRY_STAGES);
export type RegistryStage = z.infer<typeof RegistryStage>;

/** Text by name, of models and versions. */
export const RegistryTags = z.record(z.string().min(1).max(250), z.string().max(100_000));
export type RegistryTags = z.infer<typeof RegistryTags>;

export const ModelFile = z.object({ path: z.string(), digest: Digest, bytes: z.int() });
export type ModelFile = z.infer<typeof ModelFile>;

export const ModelVersion = z.object({
  model: ModelName,
  version: z.int().positive(),
  /** sha256 of canonical JSON of format, files and signature. */
  digest: Digest,
  format: ModelFormat,
  files: z.array(ModelFile),
  bytes: z.int(),
  signature: Signature,
  golden: z.array(GoldenRow),
  preparation: Preparation.default(READY),
  report: EvaluationReport.nullable(),
  /** Artifact of the profile of the rows that it was evaluated on, with its answers to them: the reference of monitors. */
  reference: Digest.nullable(),
  /** The version that a gate judged and that this one repeats on all rows; null where it is no refit. */
  refitOf: z.int().nullable(),
  /** The experiment run it was trained in, when there was one. */
  run: z.string().nullable(),
  pipelineRun: z.object({ pipeline: Name, number: z.int() }).nullable(),
  record: RunRecord,
  description: z.string(),
  /** Aliases by environment. */
  aliases: z.array(z.object({ alias: AliasName, environment: Environment })),
  tags: RegistryTags.default({}),
  registryStage: RegistryStage.default("none"),
  /** The address that it was registered from; null where it was no client of MLflow that registered it. */
  source: z.string().nullable().default(null),
  /** The logged model that its files were taken from. */
  loggedModel: z.string().nullable().default(null),
  /** Where the run is found, in the words of whoever registered it. */
  runLink: z.string().nullable().default(null),
  createdAt: Timestamp,
  createdBy: Actor,
  /** When description, tags or registry stage changed last; what it answers never changes. */
  updatedAt: Timestamp.optional(),
});
export type ModelVersion = z.infer<typeof ModelVersion>;

export const Alias = z.object({
  alias: AliasName,
  environment: Environment,
  version: z.int(),
  assignedAt: Timestamp,
  assignedBy: Actor,
});
export type Alias = z.infer<typeof Alias>;

/** One move of an alias. `version` is null where it was removed, `previous` where it was new. */
export const AliasChange = z.object({
  version: z.int().nullable(),
  previous: z.int().nullable(),
  changedAt: Timestamp,
  changedBy: Actor,
});
export type AliasChange = z.infer<typeof AliasChange>;

export const Model = z.object({
  name: ModelName,
  description: z.string(),
  latest: ModelVersion.nullable(),
  versions: z.int(),
  aliases: z.array(Alias),
  tags: RegistryTags.default({}),
  createdAt: Timestamp,
  updatedAt: Timestamp.optional(),
});
export type Model = z.infer<typeof Model>;

const InModel = z.object({ model: ModelName });
const InModelVersion = InModel.extend({ version: z.coerce.number<number>().int().positive() });

export const registry = {
  register: endpoint({
    method: "POST",
    path: "/api/registry/models/:model/versions",
    permission: "registry:write",
    summary:
      "Registers a model file of a run as the next version. Golden rows are answered by the model before it is kept.",
    input: InModel.extend({
      run: z.string(),
      /** Path of the model file among the run's artifacts. */
      path: z.string(),
      /** `mlflow`: the path is a folder with an MLmodel file, or of a logged model of that name. */
      format: ModelFormat,
      /** Of the file's inputs; a folder of MLflow says it itself. */
      signature: Signature.optional(),
      /** Up to 20 records for golden rows. */
      examples: z.array(z.record(z.string(), Json)).max(20).default([]),
      description: z.string().max(10_000).default(""),
    }),
    output: ModelVersion,
  }),
  listModels: endpoint({
    method: "GET",
    path: "/api/registry/models",
    permission: "registry:read",
    summary: "Models by name with aliases and newest version.",
    input: Paging,
    output: page(Model),
  }),
  getModel: endpoint({
    method: "GET",
    path: "/api/registry/models/:model",
    permission: "registry:read",
    summary: "A model with its aliases and newest version.",
    input: InModel,
    output: Model,
  }),
  listVersions: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/versions",
    permission: "registry:read",
    summary: "Versions of a model, newest first.",
    input: InModel.extend(Paging.shape),
    output: page(ModelVersion),
  }),
  getVersion: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/versions/:version",
    permission: "registry:read",
    summary: "A version with signature, files, golden rows and report.",
    input: InModelVersion,
    output: ModelVersion,
  }),
  assignAlias: endpoint({
    method: "PUT",
    path: "/api/registry/models/:model/aliases/:alias",
    permission: "registry:write",
    summary: "Moves an alias of the call's environment to a version.",
    input: InModel.extend({ alias: AliasName, version: z.int().positive() }),
    output: Alias,
  }),
  removeAlias: endpoint({
    method: "DELETE",
    path: "/api/registry/models/:model/aliases/:alias",
    permission: "registry:write",
    summary: "Removes an alias of the call's environment.",
    input: InModel.extend({ alias: AliasName }),
    output: z.object({}),
  }),
  listAliasChanges: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/aliases/:alias/changes",
    permission: "registry:read",
    summary: "Where an alias of the call's environment pointed and who moved it, newest first.",
    input: InModel.extend({ alias: AliasName, ...Paging.shape }),
    output: page(AliasChange),
  }),
  getAliasRule: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/aliases/:alias/rule",
    permission: "registry:read",
    summary: "Whether an alias of the call's environment moves by itself or by a person's approval.",
    input: InModel.extend({ alias: AliasName }),
    output: AliasRule,
  }),
  setAliasRule: endpoint({
    method: "PUT",
    path: "/api/registry/models/:model/aliases/:alias/rule",
    permission: "registry:approve",
    summary: "Says who may move an alias of the call's environment.",
    input: InModel.extend({ alias: AliasName, ...AliasRule.shape }),
    output: AliasRule,
  }),
  startGate: endpoint({
    method: "POST",
    path: "/api/registry/models/:model/versions/:version/gates",
    permission: "registry:write",
    summary: "Judges a version against another on the same rows by rules; a worker scores both.",
    input: InModelVersion.extend(GateRequest.shape),
    output: Gate,
  }),
  getGate: endpoint({
    method: "GET",
    path: "/api/registry/gates/:gate",
    permission: "registry:read",
    summary: "A gate with what each of its rules found.",
    input: z.object({ gate: z.uuid() }),
    output: Gate,
  }),
  listGates: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/versions/:version/gates",
    permission: "registry:read",
    summary: "Gates that judged a version, newest first.",
    input: InModelVersion.extend(Paging.shape),
    output: page(Gate),
  }),
  requestApproval: endpoint({
    method: "POST",
    path: "/api/registry/models/:model/aliases/:alias/approvals",
    permission: "registry:write",
    summary:
      "Asks for an alias to be moved to a version; where the alias's rule is automatic it is moved at once.",
    input: InModel.extend({
      alias: AliasName,
      version: z.int().positive(),
      gate: z.uuid().optional(),
      summary: z.string().max(1_000).default(""),
    }),
    output: Approval,
  }),
  listApprovals: endpoint({
    method: "GET",
    path: "/api/registry/approvals",
    permission: "registry:read",
    summary: "Requests for approval of the environment, newest first.",
    input: Paging.extend({ state: ApprovalState.optional(), model: ModelName.optional() }),
    output: page(Approval),
  }),
  getApproval: endpoint({
    method: "GET",
    path: "/api/registry/approvals/:approval",
    permission: "registry:read",
    summary: "A request for approval.",
    input: z.object({ approval: z.uuid() }),
    output: Approval,
  }),
  decideApproval: endpoint({
    method: "POST",
    path: "/api/registry/approvals/:approval/decision",
    permission: "registry:approve",
    summary:
      "Approves or rejects; an approval moves the alias in the same moment. The digest must be the one that is shown.",
    input: z.object({
      approval: z.uuid(),
      decision: z.enum(["approve", "reject"]),
      digest: Digest,
      reason: z.string().max(1_000).default(""),
    }),
    output: Approval,
  }),
  prepareVersion: endpoint({
    method: "POST",
    path: "/api/registry/models/:model/versions/:version/preparation",
    permission: "registry:write",
    summary:
      "Prepares a version again: scan, packages, first answers. With `accept` the findings that are shown are accepted, which needs registry:approve.",
    input: InModelVersion.extend({ accept: z.boolean().default(false) }),
    output: ModelVersion,
  }),
  getCard: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/versions/:version/card",
    permission: "registry:read",
    summary: "The model card, made from the record, as Markdown.",
    input: InModelVersion,
    output: z.object({ markdown: z.string() }),
  }),
  getVersionLineage: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/versions/:version/lineage",
    permission: "registry:read",
    summary: "From deployment to version to run to code to data, both ways.",
    input: InModelVersion,
    output: Lineage,
  }),
  downloadFile: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/versions/:version/files",
    permission: "registry:read",
    summary: "A file of a version by its path.",
    input: InModelVersion.extend({ path: z.string() }),
    output: z.unknown(),
    answer: "bytes",
  }),
};
