import type { RunRecord, RunState, RunUsage } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Db, Tx } from "../../../platform/database/index.ts";

/** What a step logged: metrics by step, params that keep their first value. */
export type StepMeasurements = {
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: readonly {
    readonly name: string;
    readonly value: number;
    readonly step: number;
    readonly occurredAt: Date;
  }[];
};

/** What pipelines need of experiments: one run per attempt. */
export type RunsDoor = {
  /** Opens the run of an attempt, in the caller's transaction; answers its id. */
  readonly open: (
    tx: Tx,
    call: Call,
    run: {
      readonly experiment: string;
      readonly name: string;
      readonly step: { readonly pipeline: string; readonly run: number; readonly step: string };
      readonly params: Readonly<Record<string, string>>;
      readonly record: Partial<RunRecord>;
    },
  ) => Promise<string>;
  readonly log: (
    db: Db | Tx,
    call: Call,
    logged: { readonly run: string } & StepMeasurements,
  ) => Promise<void>;
  readonly end: (
    tx: Tx,
    call: Call,
    ended: {
      readonly run: string;
      readonly state: Exclude<RunState, "running">;
      readonly usage: RunUsage | null;
    },
  ) => Promise<void>;
};
