import type { Actor } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";

/** Tags, params: text by name. */
export type Texts = Readonly<Record<string, string>>;

export type TrackedExperiment = {
  /** Number within the project, as text. */
  readonly id: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly tags: Texts;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
};

/** One measured value; `atMs` is milliseconds since 1970. NaN and the infinities are kept. */
export type TrackedPoint = {
  readonly name: string;
  readonly value: number;
  readonly step: number;
  readonly atMs: number;
};

/** A point as a client logs it: also of a logged model, on a dataset. */
export type LoggedPoint = TrackedPoint & {
  readonly model?: string | undefined;
  readonly dataset?: { readonly name: string; readonly digest: string } | undefined;
};

export const TRACKED_STATES = ["scheduled", "running", "finished", "failed", "killed"] as const;
export type TrackedState = (typeof TRACKED_STATES)[number];

export type TrackedDataset = {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema: string | null;
  readonly profile: string | null;
};

export type TrackedRun = {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  readonly user: string;
  readonly state: TrackedState;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly deletedAt: Date | null;
  readonly artifactUri: string;
  readonly params: Texts;
  readonly tags: Texts;
  /** The last point of each metric: the greatest by (step, time, value). */
  readonly metrics: readonly TrackedPoint[];
  readonly datasets: readonly { readonly dataset: TrackedDataset; readonly tags: Texts }[];
  readonly modelInputs: readonly string[];
  readonly modelOutputs: readonly { readonly model: string; readonly step: number }[];
};

/** What one call adds to a run: all of it or nothing. */
export type RunAddition = {
  readonly params?: readonly (readonly [name: string, value: string])[];
  readonly tags?: readonly (readonly [name: string, value: string])[];
  readonly points?: readonly LoggedPoint[];
};

export const LOGGED_MODEL_STATES = ["pending", "ready", "upload-failed"] as const;
export type LoggedModelState = (typeof LOGGED_MODEL_STATES)[number];

export type LoggedModel = {
  /** `m-` and 32 hexadecimal digits. */
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  readonly modelType: string | null;
  readonly state: LoggedModelState;
  readonly stateMessage: string | null;
  readonly sourceRun: string | null;
  readonly artifactUri: string;
  readonly params: Texts;
  readonly tags: Texts;
  readonly metrics: readonly (TrackedPoint & {
    readonly run: string;
    readonly dataset: { readonly name: string; readonly digest: string } | null;
  })[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
  readonly createdBy: Actor;
};

/** Which of them: those that live, those that are deleted and can come back, or both. */
export const LIFE_VIEWS = ["active", "deleted", "all"] as const;
export type LifeView = (typeof LIFE_VIEWS)[number];

/** A search in the grammar of the contract; `after` is the `next` of the page before. */
export type SearchRequest = {
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly view: LifeView;
  readonly limit: number;
  readonly after?: string | undefined;
};

export type Found<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/**
 * Experiments, runs and logged models as clients track them. What is not there is NOT_FOUND, a write to something deleted is
 * CONFLICT, a taken name is ALREADY_EXISTS, a wrong value INVALID_FIELD.
 */
export type Tracking = {
  createExperiment(
    input: { name: string; artifactLocation?: string | undefined; tags: Texts },
    call: Call,
  ): Promise<TrackedExperiment>;
  getExperiment(input: { id: string } | { name: string }, call: Call): Promise<TrackedExperiment>;
  searchExperiments(input: SearchRequest, call: Call): Promise<Found<TrackedExperiment>>;
  renameExperiment(input: { id: string; name: string }, call: Call): Promise<void>;
  /** Deletes the experiment with its runs; `restoreExperiment` brings back those that went with it. */
  deleteExperiment(input: { id: string }, call: Call): Promise<void>;
  restoreExperiment(input: { id: string }, call: Call): Promise<void>;
  setExperimentTags(input: { id: string; set: Texts; remove: readonly string[] }, call: Call): Promise<void>;
  searchDatasets(
    input: { experiments: readonly string[] },
    call: Call,
  ): Promise<readonly { experiment: string; name: string; digest: string; context: string | null }[]>;

  createRun(
    input: {
      experiment: string;
      name?: string | undefined;
      user: string;
      startedAt?: Date | undefined;
      tags: Texts;
    },
    call: Call,
  ): Promise<TrackedRun>;
  getRun(input: { run: string }, call: Call): Promise<TrackedRun>;
  searchRuns(
    input: SearchRequest & { experiments: readonly string[] },
    call: Call,
  ): Promise<Found<TrackedRun>>;
  updateRun(
    input: {
      run: string;
      state?: TrackedState | undefined;
      endedAt?: Date | undefined;
      name?: string | undefined;
    },
    call: Call,
  ): Promise<TrackedRun>;
  deleteRun(input: { run: string }, call: Call): Promise<void>;
  restoreRun(input: { run: string }, call: Call): Promise<void>;
  /** Shares its commit with whoever adds at the same moment; settles when the addition is on the disk. */
  addToRun(input: { run: string } & RunAddition, call: Call): Promise<void>;
  removeRunTag(input: { run: string; name: string }, call: Call): Promise<void>;
  addDatasets(
    input: {
      run: string;
      datasets: readonly { dataset: TrackedDataset; tags: Texts }[];
      models: readonly string[];
    },
    call: Call,
  ): Promise<void>;
  addModelOutputs(
    input: { run: string; models: readonly { model: string; step: number }[] },
    call: Call,
  ): Promise<void>;
  /** By (step, time, value) within the name; `next` is null at the end. */
  history(
    input: { run: string; name: string; limit: number; after?: string | undefined },
    call: Call,
  ): Promise<Found<TrackedPoint>>;
  /** At most `limit` points per run, the last among them: spread evenly where they are few, else the extremes and the first too. */
  sampledHistory(
    input: {
      runs: readonly string[];
      name: string;
      fromStep?: number | undefined;
      untilStep?: number | undefined;
      limit: number;
    },
    call: Call,
  ): Promise<readonly (TrackedPoint & { readonly run: string })[]>;

  createLoggedModel(
    input: {
      experiment: string;
      name?: string | undefined;
      modelType?: string | undefined;
      sourceRun?: string | undefined;
      params: Texts;
      tags: Texts;
    },
    call: Call,
  ): Promise<LoggedModel>;
  getLoggedModel(input: { model: string; deleted?: boolean }, call: Call): Promise<LoggedModel>;
  finishLoggedModel(input: { model: string; state: LoggedModelState }, call: Call): Promise<LoggedModel>;
  deleteLoggedModel(input: { model: string }, call: Call): Promise<void>;
  setLoggedModelTags(
    input: { model: string; set: Texts; remove: readonly string[] },
    call: Call,
  ): Promise<LoggedModel>;
  addLoggedModelParams(input: { model: string; params: Texts }, call: Call): Promise<void>;
  searchLoggedModels(
    input: Omit<SearchRequest, "orderBy" | "view"> & {
      experiments: readonly string[];
      datasets: readonly { name: string; digest?: string | undefined }[];
      orderBy: readonly {
        field: string;
        ascending: boolean;
        dataset?: { name: string; digest?: string | undefined } | undefined;
      }[];
    },
    call: Call,
  ): Promise<Found<LoggedModel>>;
};

/** A file or folder of a tree of artifacts; `bytes` and `digest` are null for a folder. */
export type TreeEntry = {
  /** Relative to the owner. */
  readonly path: string;
  readonly folder: boolean;
  readonly bytes: number | null;
  readonly digest: string | null;
};

/** Whose files: a run, a logged model (`m-…`), a trace (`tr-…`), or the project for files of none of these. */
export type TreeOwner =
  | { readonly kind: "run" | "model" | "trace"; readonly id: string }
  | { readonly kind: "project" };
