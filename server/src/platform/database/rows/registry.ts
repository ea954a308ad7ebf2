import type {
  Actor,
  AliasRule,
  Environment,
  EvaluationReport,
  GateRule,
  GoldenRow,
  ModelFile,
  ModelFormat,
  RuleVerdict,
  RunRecord,
  Signature,
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
    created_at: Timestamp;
    created_by: Json<Actor>;
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
