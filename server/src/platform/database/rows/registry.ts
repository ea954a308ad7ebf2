import type {
  Actor,
  AliasRule,
  Environment,
  EvaluationReport,
  Failure,
  GateRule,
  GoldenRow,
  ModelFile,
  ModelFormat,
  Preparation,
  RegistryStage,
  RuleVerdict,
  RunRecord,
  Signature,
  WebhookDelivery,
  WebhookEvent,
  WebhookStatus,
  WorkState,
} from "@causeway/contract";
import type {
  Generated,
  GeneratedJson,
  GeneratedTimestamp,
  Json,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "../columns.ts";

/** Row types of the tables `registry_*`, one member per table, keyed by table name. */
export interface RegistryTables {
  registry_models: {
    project: string;
    name: string;
    description: Generated<string>;
    versions: Generated<number>;
    created_at: GeneratedTimestamp;
    created_by: Json<Actor>;
    tags: GeneratedJson<Record<string, string>>;
    updated_at: GeneratedTimestamp;
  };
  registry_versions: {
    project: string;
    model: string;
    version: number;
    digest: string;
    format: ModelFormat;
    files: Json<ModelFile[]>;
    bytes: number;
    signature: Json<Signature>;
    golden: Json<GoldenRow[]>;
    report: NullableJson<EvaluationReport>;
    run: string | null;
    pipeline: string | null;
    pipeline_run: number | null;
    record: Json<RunRecord>;
    description: Generated<string>;
    created_at: GeneratedTimestamp;
    created_by: Json<Actor>;
    refit_of: number | null;
    reference: string | null;
    preparation: NullableJson<Preparation>;
    tags: GeneratedJson<Record<string, string>>;
    stage: Generated<RegistryStage>;
    source: string | null;
    logged_model: string | null;
    run_link: string | null;
    updated_at: GeneratedTimestamp;
    deleted_at: NullableTimestamp;
  };
  registry_evaluations: {
    project: string;
    model: string;
    version: number;
    id: string;
    environment: Environment;
    work: string;
    dataset: string;
    dataset_version: string;
    target: string;
    positive: string | null;
    state: Generated<WorkState>;
    problem: string | null;
    failure: NullableJson<Failure>;
    reference: string | null;
    created_at: Timestamp;
    created_by: Json<Actor>;
    ended_at: NullableTimestamp;
  };
  registry_alias_rules: {
    project: string;
    environment: Environment;
    model: string;
    alias: string;
    rule: Json<AliasRule>;
    changed_at: Timestamp;
    changed_by: Json<Actor>;
  };
  registry_gates: {
    id: string;
    project: string;
    environment: Environment;
    model: string;
    version: number;
    digest: string;
    champion: number | null;
    champion_digest: string | null;
    dataset: string;
    dataset_version: string;
    target: string;
    rules: Json<GateRule[]>;
    state: Generated<WorkState>;
    rows: Generated<number>;
    passed: boolean | null;
    verdicts: GeneratedJson<RuleVerdict[]>;
    summary: string | null;
    problem: string | null;
    failure: NullableJson<Failure>;
    created_at: Timestamp;
    created_by: Json<Actor>;
    ended_at: NullableTimestamp;
  };
  registry_webhooks: {
    id: string;
    project: string;
    name: string;
    url: string;
    events: Json<WebhookEvent[]>;
    description: Generated<string>;
    status: WebhookStatus;
    signed: boolean;
    created_at: Timestamp;
    updated_at: Timestamp;
    created_by: Json<Actor>;
  };
  registry_webhook_deliveries: {
    id: string;
    project: string;
    webhook: string;
    event: WebhookEvent;
    body: string;
    state: Generated<WebhookDelivery["state"]>;
    attempts: Generated<number>;
    status: number | null;
    problem: string | null;
    not_before: GeneratedTimestamp;
    created_at: GeneratedTimestamp;
    ended_at: NullableTimestamp;
  };
  registry_aliases: {
    project: string;
    environment: Environment;
    model: string;
    alias: string;
    version: number;
    assigned_at: Timestamp;
    assigned_by: Json<Actor>;
  };
  registry_alias_changes: {
    id: string;
    project: string;
    environment: Environment;
    model: string;
    alias: string;
    version: number | null;
    previous: number | null;
    changed_at: Timestamp;
    changed_by: Json<Actor>;
  };
}
