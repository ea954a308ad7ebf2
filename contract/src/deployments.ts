import { z } from "zod";
import {
  JudgedPrediction,
  LogState,
  TrafficPoint,
  TrafficReport,
  Truth,
  TruthColumns,
  TruthImport,
  TruthReceipt,
  TruthRecord,
  TruthSource,
} from "./deployments-truth.ts";
import { endpoint } from "./endpoint.ts";
import { GoldenRow, ModelFile, ModelFormat, Prediction, Signature } from "./registry.ts";
import {
  Actor,
  Digest,
  Environment,
  Json,
  ModelName,
  Name,
  Paging,
  page,
  Reference,
  Timestamp,
} from "./resource.ts";

export const DEPLOYMENT_STATES = ["pending", "ready", "failed"] as const;
export const DeploymentState = z.enum(DEPLOYMENT_STATES);
export type DeploymentState = z.infer<typeof DeploymentState>;

/** What one gateway says of one revision. `loading` covers fetch, load, golden rows and warm-up. */
export const GatewayReport = z.object({
  gateway: z.string(),
  revision: z.int(),
  state: z.enum(["loading", "ready", "failed"]),
  /** Golden rows answered as recorded, of how many. */
  golden: z.object({ equal: z.int(), rows: z.int() }).nullable(),
  loadMs: z.number().nullable(),
  problem: z.string().nullable(),
  reportedAt: Timestamp,
});
export type GatewayReport = z.infer<typeof GatewayReport>;

/** An immutable decision of what a deployment serves; the newest is what gateways move to. */
export const Revision = z.object({
  number: z.int(),
  model: ModelName,
  version: z.int(),
  digest: Digest,
  createdAt: Timestamp,
  createdBy: Actor,
});
export type Revision = z.infer<typeof Revision>;

export const Deployment = z.object({
  name: Name,
  project: Name,
  environment: Environment,
  /** What was asked for; when it names an alias, the deployment follows the alias. */
  serve: Reference,
  state: DeploymentState,
  /** The revision that gateways are asked to serve. */
  revision: Revision,
  /** The revision that answers now; null before the first is ready. */
  serving: Revision.nullable(),
  gateways: z.array(GatewayReport),
  /** What it waits for before gateways are asked to load the revision; null where they are asked. */
  waitsFor: z.string().nullable().optional(),
  /** Where to send records. */
  url: z.string(),
  signature: Signature,
  /**
   * A column that names who or what a prediction is about, beside or among the model's columns: records may carry it, it is
   * logged, and truth can be posted by it. Null where there is none.
   */
  key: z.string().nullable(),
  /** Days that the prediction log and its truth are kept; null for ever. */
  retentionDays: z.int().nullable(),
  /** A record that the model accepts, from its golden rows. */
  example: z.record(z.string(), Json).nullable(),
  createdAt: Timestamp,
  createdBy: Actor,
});
export type Deployment = z.infer<typeof Deployment>;

export const ApiKey = z.object({
  id: z.uuid(),
  deployment: Name,
  name: z.string(),
  createdAt: Timestamp,
  createdBy: Actor,
  revokedAt: Timestamp.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** What a gateway should serve: everything it needs to load a model and check its callers. */
export const DesiredDeployment = z.object({
  project: Name,
  environment: Environment,
  name: Name,
  revision: z.int(),
  model: ModelName,
  version: z.int(),
  digest: Digest,
  format: ModelFormat,
  files: z.array(ModelFile),
  signature: Signature,
  golden: z.array(GoldenRow),
  /** The packages that a Python model runs in: the environment lies in `python/<digest>` of the data folder. */
  pythonEnvironment: Digest.nullable().default(null),
  /** The business key's column; see `Deployment.key`. Absent in states that a gateway kept before there were any. */
  key: z.string().nullable().default(null),
  /** sha256 of each key's text. */
  keys: z.array(Digest),
});
export type DesiredDeployment = z.infer<typeof DesiredDeployment>;

/** `tag` changes whenever anything in it does. */
export const DesiredState = z.object({
  tag: z.string(),
  deployments: z.array(DesiredDeployment),
  /** sha256 of each token that may read the gateway's `/metrics`; its own token always may. */
  readers: z.array(Digest).optional(),
});
export type DesiredState = z.infer<typeof DesiredState>;

/** Body of `POST /predict/<deployment>` on a gateway: one record, or `{"records": [...]}`. Answer of it. */
export const PredictAnswer = z.object({
  /** Null where the prediction log could not be written: then nothing is kept of the answer. */
  id: z.string().nullable(),
  model: ModelName,
  version: z.int(),
  predictions: z.array(Prediction),
});
export type PredictAnswer = z.infer<typeof PredictAnswer>;

const InDeployment = z.object({ deployment: Name });
const RetentionDays = z.int().min(1).max(36_500);

export const deployments = {
  createDeployment: endpoint({
    method: "POST",
    path: "/api/deployments/deployments",
    permission: "deployments:write",
    summary: "Serves a version or an alias under a name.",
    input: z.object({
      name: Name,
      serve: Reference,
      key: z.string().min(1).max(200).nullable().default(null),
      retentionDays: RetentionDays.nullable().default(null),
    }),
    output: Deployment,
  }),
  updateDeployment: endpoint({
    method: "PUT",
    path: "/api/deployments/deployments/:deployment",
    permission: "deployments:write",
    summary:
      "Switches a deployment to another version or alias without a failed request, or changes its key or retention.",
    input: InDeployment.extend({
      /** What stays as it is where absent. */
      serve: Reference.optional(),
      key: z.string().min(1).max(200).nullable().optional(),
      retentionDays: RetentionDays.nullable().optional(),
    }),
    output: Deployment,
  }),
  deleteDeployment: endpoint({
    method: "DELETE",
    path: "/api/deployments/deployments/:deployment",
    permission: "deployments:write",
    summary: "Stops serving; the prediction log stays.",
    input: InDeployment,
    output: z.object({}),
  }),
  listDeployments: endpoint({
    method: "GET",
    path: "/api/deployments/deployments",
    permission: "deployments:read",
    summary: "Deployments of the environment, by name.",
    input: Paging,
    output: page(Deployment),
  }),
  getDeployment: endpoint({
    method: "GET",
    path: "/api/deployments/deployments/:deployment",
    permission: "deployments:read",
    summary: "A deployment with what each gateway says of it.",
    input: InDeployment,
    output: Deployment,
  }),
  followDeployment: endpoint({
    method: "GET",
    path: "/api/deployments/deployments/:deployment/stream",
    permission: "deployments:read",
    summary: "A deployment each time it changes.",
    input: InDeployment,
    output: Deployment,
    answer: "events",
  }),
  listRevisions: endpoint({
    method: "GET",
    path: "/api/deployments/deployments/:deployment/revisions",
    permission: "deployments:read",
    summary: "What a deployment served, newest first.",
    input: InDeployment.extend(Paging.shape),
    output: page(Revision),
  }),
  createKey: endpoint({
    method: "POST",
    path: "/api/deployments/deployments/:deployment/keys",
    permission: "deployments:write",
    summary: "Makes an API key for callers of one deployment; it is shown once.",
    input: InDeployment.extend({ name: z.string().min(1).max(100).default("key") }),
    output: z.object({ key: ApiKey, secret: z.string() }),
  }),
  listKeys: endpoint({
    method: "GET",
    path: "/api/deployments/deployments/:deployment/keys",
    permission: "deployments:read",
    summary: "Keys of a deployment without their secrets.",
    input: InDeployment.extend(Paging.shape),
    output: page(ApiKey),
  }),
  revokeKey: endpoint({
    method: "POST",
    path: "/api/deployments/deployments/:deployment/keys/:key/revoke",
    permission: "deployments:write",
    summary: "Ends an API key.",
    input: InDeployment.extend({ key: z.uuid() }),
    output: ApiKey,
    repeatable: true,
  }),
  listPredictions: endpoint({
    method: "GET",
    path: "/api/deployments/deployments/:deployment/predictions",
    permission: "deployments:read",
    summary: "The prediction log with its truth, newest first.",
    input: InDeployment.extend({
      ...Paging.shape,
      version: z.coerce.number<number>().int().positive().optional(),
      /** Event time of the predictions: from is inside, until outside. */
      from: Timestamp.optional(),
      until: Timestamp.optional(),
      key: z.string().optional(),
      /** Only those whose truth is known and differs from the answer (`wrong`), or is known, or is not. */
      truth: z.enum(["known", "unknown", "wrong"]).optional(),
    }),
    output: page(JudgedPrediction),
  }),
  getPrediction: endpoint({
    method: "GET",
    path: "/api/deployments/predictions/:prediction",
    permission: "deployments:read",
    summary: "A prediction by its id: its rows, and through its version the run and the data.",
    input: z.object({ prediction: z.string() }),
    output: z.object({ rows: z.array(JudgedPrediction) }),
  }),
  getLog: endpoint({
    method: "GET",
    path: "/api/deployments/deployments/:deployment/log",
    permission: "deployments:read",
    summary: "How many predictions are logged, over what time, and how much of the truth is known.",
    input: InDeployment,
    output: LogState,
  }),
  recordTruth: endpoint({
    method: "POST",
    path: "/api/deployments/deployments/:deployment/truth",
    permission: "deployments:write",
    summary: "Records what turned out to be true, by prediction id or by key; all of it or nothing.",
    input: InDeployment.extend({ records: z.array(TruthRecord).min(1).max(10_000) }),
    output: TruthReceipt,
  }),
  importTruth: endpoint({
    method: "POST",
    path: "/api/deployments/deployments/:deployment/truth/imports",
    permission: "deployments:write",
    summary:
      "Takes truth in bulk from an uploaded file or a dataset version; a worker reads it, all of it or nothing.",
    input: InDeployment.extend({ source: TruthSource, columns: TruthColumns }),
    output: TruthImport,
  }),
  getTruthImport: endpoint({
    method: "GET",
    path: "/api/deployments/truth-imports/:import",
    permission: "deployments:read",
    summary: "A bulk of truth with its progress or its result.",
    input: z.object({ import: z.uuid() }),
    output: TruthImport,
  }),
  followTruthImport: endpoint({
    method: "GET",
    path: "/api/deployments/truth-imports/:import/stream",
    permission: "deployments:read",
    summary: "A bulk of truth each time it changes, until it ends.",
    input: z.object({ import: z.uuid() }),
    output: TruthImport,
    answer: "events",
  }),
  listTruths: endpoint({
    method: "GET",
    path: "/api/deployments/predictions/:prediction/truths",
    permission: "deployments:read",
    summary:
      "What was said of one row of the log (`<id>.<row>`), newest first: corrections keep what they replaced.",
    input: z.object({ prediction: z.string() }),
    output: z.object({ items: z.array(Truth) }),
  }),
  getTraffic: endpoint({
    method: "GET",
    path: "/api/deployments/deployments/:deployment/traffic",
    permission: "deployments:read",
    summary: "Requests, errors and latency over server time, in at most 500 equal spans.",
    input: InDeployment.extend({
      from: Timestamp.optional(),
      until: Timestamp.optional(),
      spans: z.coerce.number<number>().int().min(1).max(500).default(60),
    }),
    output: z.object({ items: z.array(TrafficPoint) }),
  }),
  desiredState: endpoint({
    method: "GET",
    path: "/api/deployments/desired",
    permission: "platform:serve",
    summary: "What gateways should serve, at once and each time it changes.",
    input: z.object({ gateway: Name }),
    output: DesiredState,
    answer: "events",
  }),
  downloadModelFile: endpoint({
    method: "GET",
    path: "/api/deployments/files/:digest",
    permission: "platform:serve",
    summary: "A model file by its digest, for gateways.",
    input: z.object({ digest: Digest }),
    output: z.unknown(),
    answer: "bytes",
  }),
  reportGateway: endpoint({
    method: "POST",
    path: "/api/deployments/gateways/:gateway/reports",
    permission: "platform:serve",
    summary: "What a gateway has loaded, or why it could not.",
    input: z.object({
      gateway: Name,
      reports: z.array(
        GatewayReport.omit({ gateway: true, reportedAt: true }).extend({
          project: Name,
          environment: Environment,
          deployment: Name,
        }),
      ),
      /** What was answered since the last report that arrived. */
      traffic: z
        .array(TrafficReport.extend({ project: Name, environment: Environment, deployment: Name }))
        .default([]),
    }),
    output: z.object({}),
    repeatable: true,
  }),
};
