import type {
  Actor,
  BadRow,
  Column,
  Finding,
  ImportOptions,
  Profile,
  SplitRequest,
} from "@causeway/contract";
import type {
  Generated,
  GeneratedJson,
  GeneratedTimestamp,
  Json,
  NullableJson,
  NullableTimestamp,
} from "../columns.ts";

/** Counts and moments of one column of one part: what merges exactly into the profile of a version. */
export interface PartColumn {
  name: string;
  count: number;
  missing: number;
  /** Values that are neither missing, NaN nor infinite; the moments are theirs. */
  finite: number;
  mean: number | null;
  /** Sum of squared differences from the mean. */
  m2: number | null;
  /** Least and greatest finite value; for days and times milliseconds since 1970. */
  min: number | null;
  max: number | null;
}

/** Why an import or a split failed. */
export interface DataProblem {
  code: string;
  message: string;
  help: string | null;
}

/** Row types of the tables `data_*`, one member per table, keyed by table name. */
export interface DataTables {
  data_datasets: {
    project: string;
    name: string;
    latest: string | null;
    versions: Generated<number>;
    created_at: GeneratedTimestamp;
  };
  data_parts: {
    project: string;
    digest: string;
    artifact: string;
    rows: number;
    bytes: number;
    columns: Json<PartColumn[]>;
  };
  data_versions: {
    project: string;
    dataset: string;
    id: string;
    number: number;
    rows: number;
    bytes: number;
    schema: Json<Column[]>;
    key: string | null;
    findings: Json<Finding[]>;
    quarantine_rows: number | null;
    quarantine_artifact: string | null;
    parent: string | null;
    source_kind: "file" | "step" | "split" | "log";
    source_name: string;
    source_digest: string | null;
    profile: Json<Profile>;
    created_at: GeneratedTimestamp;
    created_by: Json<Actor>;
  };
  data_version_parts: {
    project: string;
    dataset: string;
    version: string;
    position: number;
    part: string;
  };
  data_uploads: {
    project: string;
    digest: string;
    bytes: number;
    created_at: GeneratedTimestamp;
  };
  data_imports: {
    id: string;
    project: string;
    dataset: string;
    file: string;
    upload: string;
    options: Json<ImportOptions>;
    work: string;
    outcome: "succeeded" | "failed" | null;
    version: string | null;
    unchanged: Generated<boolean>;
    problem: NullableJson<DataProblem>;
    bad_rows: NullableJson<{ total: number; first: BadRow[] }>;
    created_at: GeneratedTimestamp;
    ended_at: NullableTimestamp;
    created_by: Json<Actor>;
  };
  data_splits: {
    id: string;
    project: string;
    dataset: string;
    version: string;
    request: Json<SplitRequest>;
    work: string;
    outcome: "succeeded" | "failed" | null;
    parts: GeneratedJson<{ name: string; dataset: string; version: string }[]>;
    problem: NullableJson<DataProblem>;
    created_at: GeneratedTimestamp;
    created_by: Json<Actor>;
  };
}
