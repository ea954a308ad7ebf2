import type { RunState, ImportSource as SourceKind } from "@causeway/contract";

/** Text by name. */
export type Texts = Record<string, string>;

/** One measured value; `value` may be NaN or infinite, `atMs` is milliseconds since 1970. */
export type SourcePoint = { name: string; value: number; step: number; atMs: number };

/** The bytes of a file, which lie on a disk here; whoever opened it closes it. */
export type OpenFile = {
  blob: Blob;
  /** Known where the bytes were read on their way; null where they were not. */
  digest: string | null;
  close(): Promise<void>;
};

/** A file that belongs to a run or a model; one that cannot be had is refused with BAD_DATA. */
export type SourceFile = { path: string; bytes: number | null; open(): Promise<OpenFile> };

export type SourceDataset = {
  name: string;
  digest: string;
  sourceType: string;
  source: string;
  schema: string | null;
  profile: string | null;
  context: string | null;
};

/** A run of another tracker. Points and files are read only when they are asked for. */
export type SourceRun = {
  id: string;
  experiment: string;
  experimentTags: Texts;
  name: string;
  user: string;
  state: RunState;
  startedAt: Date;
  endedAt: Date | null;
  deleted: boolean;
  params: Texts;
  tags: Texts;
  datasets: SourceDataset[];
  models: { id: string; direction: "input" | "output"; step: number }[];
  points(): AsyncIterable<SourcePoint>;
  files(): AsyncIterable<SourceFile>;
};

/** A model that a run logged. */
export type SourceLoggedModel = {
  id: string;
  experiment: string;
  name: string;
  modelType: string | null;
  state: "pending" | "ready" | "upload-failed";
  sourceRun: string | null;
  params: Texts;
  tags: Texts;
  createdAt: Date;
  files(): AsyncIterable<SourceFile>;
};

/** A registered model with its versions. */
export type SourceModel = {
  name: string;
  description: string;
  tags: Texts;
  aliases: { alias: string; version: number }[];
  versions: {
    version: number;
    sourceRun: string | null;
    loggedModel: string | null;
    /** Folder below the run's files, where the model is no logged one. */
    path: string | null;
    /** The address of its files there. */
    sourceUri: string;
    description: string;
    tags: Texts;
    registryStage: "none" | "staging" | "production" | "archived";
    createdAt: Date;
  }[];
};

/** Something to import from; each part is read in a stream, so that a hundred thousand runs need no more memory than one. */
export type Source = {
  kind: SourceKind;
  /** As people know it: a folder or an address. */
  name: string;
  runs(): AsyncIterable<SourceRun>;
  loggedModels(): AsyncIterable<SourceLoggedModel>;
  models(): AsyncIterable<SourceModel>;
  /** Lets go of what reading took. */
  close(): Promise<void>;
};
