import type {
  Actor,
  Cycle,
  CycleFact,
  CycleState,
  CycleStep,
  CycleStepName,
  Environment,
  PolicySettings,
  StoryFact,
  TimelineEntry,
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

/** Rows that judge a challenger: one labelled window as a dataset version. */
export type JudgingRows = {
  readonly dataset: string;
  readonly version: string;
  readonly rows: number;
  /** Start and end of the window by event time, and its name. */
  readonly start: string;
  readonly end: string;
  readonly title: string;
  /** Title of the window whose later half judges; absent where all of it does. */
  readonly halfOf?: string;
};

/** A window after the switch in which the version before was compared with the new one. */
export type WatchedWindow = {
  readonly start: string;
  readonly title: string;
  readonly gate: string;
  /** Null while the gate is judged. */
  readonly worse: boolean | null;
};

/** Row types of the tables `retraining_*`, one member per table, keyed by table name. */
export interface RetrainingTables {
  retraining_policies: {
    id: string;
    project: string;
    environment: Environment;
    name: string;
    deployment: string;
    monitor: string;
    model: string;
    settings: Json<PolicySettings>;
    paused: Generated<boolean>;
    cycles: Generated<number>;
    held: string | null;
    held_reason: string | null;
    gathered: string | null;
    considered_at: Timestamp;
    created_at: Timestamp;
    created_by: Json<Actor>;
    deleted_at: NullableTimestamp;
  };
  retraining_cycles: {
    policy: string;
    number: number;
    project: string;
    environment: Environment;
    state: CycleState;
    settings: Json<PolicySettings>;
    trigger: Json<Cycle["trigger"]>;
    champion: number | null;
    challenger: number | null;
    candidate: number | null;
    runs: GeneratedJson<Cycle["runs"]>;
    dataset: NullableJson<NonNullable<Cycle["dataset"]>>;
    judging: NullableJson<JudgingRows>;
    gate: string | null;
    refit_gate: string | null;
    approval: string | null;
    watched: GeneratedJson<WatchedWindow[]>;
    problem: string | null;
    problem_fact: NullableJson<CycleFact>;
    watches: Generated<string[]>;
    work: string | null;
    again: Generated<boolean>;
    noticed_at: Timestamp;
    anchored_at: Timestamp;
    evidence_until: NullableTimestamp;
    learned_from: NullableTimestamp;
    trained_until: NullableTimestamp;
    switched_at: NullableTimestamp;
    started_at: Timestamp;
    ended_at: NullableTimestamp;
    touched_at: GeneratedTimestamp;
    started_by: Json<Actor>;
  };
  retraining_cycle_steps: {
    policy: string;
    number: number;
    name: CycleStepName;
    state: CycleStep["state"];
    text: string | null;
    fact: NullableJson<CycleFact>;
    started_at: NullableTimestamp;
    ended_at: NullableTimestamp;
    occurred_at: NullableTimestamp;
    links: GeneratedJson<CycleStep["links"]>;
  };
  retraining_entries: {
    id: string;
    policy: string;
    cycle: number | null;
    kind: TimelineEntry["kind"];
    text: string;
    fact: NullableJson<StoryFact>;
    actor: Json<Actor>;
    links: GeneratedJson<TimelineEntry["links"]>;
    recorded_at: Timestamp;
    occurred_at: NullableTimestamp;
  };
}
