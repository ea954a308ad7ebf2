import type { Json, RunRecord, StepOutput } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Tx } from "../../../platform/database/index.ts";
import type { Program } from "../../../platform/processes/index.ts";
import type { StepInput } from "../step-input.ts";

/** What a library step works with; it runs in the attempt's own process and touches files only. */
export type LibraryStepContext = {
  /** Params after the step's JSON Schema filled in its defaults. */
  readonly params: Readonly<Record<string, Json>>;
  readonly inputs: Readonly<Record<string, StepInput>>;
  /** Where each output is to be written: a file, or for a dataset a folder of Parquet files in their order by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** An empty folder of the attempt's own, removed afterwards. */
  readonly folder: string;
  readonly dataDir: string;
  /** What the step's preparation gave, where it has one. */
  readonly prepared?: Json;
  /** How to start the program that holds the model runtimes, for example to score a model. */
  readonly modelProgram: Program;
  /** Adds metrics to the attempt's experiment run; `step` counts from 0. */
  readonly log: (metrics: Readonly<Record<string, number>>, step?: number) => void;
  /** Adds params to the attempt's experiment run. */
  readonly logParams: (params: Readonly<Record<string, string | number | boolean>>) => void;
  /** Writes a line of the step's log. */
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
};

/** What a library step says at its end; its outputs lie at the paths that it was given. */
export type LibraryStepResult = {
  /** One line for people, for example "auc 0.846 (0.821 to 0.869), n 1,409". */
  readonly summary?: string;
  /** Given to the step's commit, in the worker. */
  readonly commit?: Json;
};

/** A step that ships with Causeway. `version` is part of the cache key: raise it when the same inputs give other outputs. */
export type LibraryStep = {
  readonly name: string;
  readonly version: string;
  readonly run: (context: LibraryStepContext) => Promise<LibraryStepResult>;
};

/** Declares a library step; a stage contributes it through its `steps/` folder, `compose.ts` joins the lists. */
export function defineLibraryStep(step: LibraryStep): LibraryStep {
  return step;
}

/** What a preparation may know of the step that is about to start. */
export type LibraryPreparationContext = {
  readonly inputs: Readonly<Record<string, StepInput>>;
  /** Of the attempt, as processes are marked with it. */
  readonly attempt: string;
  readonly signal: AbortSignal;
  /** Writes a line of the step's log. */
  readonly say: (text: string) => void;
};

/** The part of a library step that only a worker can do, before the step's process starts: build what is kept for others too. */
export type LibraryPreparation = {
  /** The library step's name. */
  readonly name: string;
  /** What it answers is given to the step. */
  readonly prepare: (context: LibraryPreparationContext) => Promise<Json>;
};

/** Declares the preparation of a library step; made in `composeWorker`, where the means are at hand. */
export function defineLibraryPreparation(preparation: LibraryPreparation): LibraryPreparation {
  return preparation;
}

/** What a commit may know of the step that succeeded. */
export type LibraryCommitContext = {
  readonly call: Call;
  readonly pipeline: string;
  readonly run: number;
  readonly step: string;
  /** REST path of the pipeline run. */
  readonly runSubject: string;
  /** The attempt's experiment run. */
  readonly experimentRun: string;
  readonly record: RunRecord;
  readonly inputs: Readonly<Record<string, StepInput>>;
  /** Kept already: every output is an artifact. */
  readonly outputs: Readonly<Record<string, StepOutput>>;
};

/** The part of a library step that changes the database, in the one transaction that marks the step succeeded. */
export type LibraryCommit = {
  /** The library step's name. */
  readonly name: string;
  /** Runs once per result. `subjects` names what was made by REST path, per output; `summary` replaces the step's own. */
  readonly commit: (
    tx: Tx,
    payload: Json,
    context: LibraryCommitContext,
  ) => Promise<{ readonly subjects?: Readonly<Record<string, string>>; readonly summary?: string }>;
};

/** Declares the commit of a library step; made in `composeWorker`, where the stage's services are at hand. */
export function defineLibraryCommit(commit: LibraryCommit): LibraryCommit {
  return commit;
}
