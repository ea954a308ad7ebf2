import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Actor, Digest, Json, Name, Paging, Progress, page, Timestamp, WorkState } from "./resource.ts";

/** The types that a column can have. */
export const COLUMN_TYPES = ["boolean", "integer", "double", "string", "date", "timestamp"] as const;
export const ColumnType = z.enum(COLUMN_TYPES);
export type ColumnType = z.infer<typeof ColumnType>;

export const Column = z.object({ name: z.string().min(1), type: ColumnType, nullable: z.boolean() });
export type Column = z.infer<typeof Column>;

/** A finding as figures, so that a page can say it in any language; how many rows stands beside it. */
export const FindingFact = z.discriminatedUnion("says", [
  z.object({
    says: z.literal("blanks"),
    /** As written: `NA`, `NULL`, or nothing for spaces. */
    markers: z.array(z.string()),
    /** What all rows with a blank have in common. */
    where: z.object({ column: z.string(), value: z.string() }).nullable(),
  }),
  z.object({
    says: z.literal("set-aside"),
    first: z.object({ file: z.string(), line: z.int(), reason: z.string() }).nullable(),
  }),
  z.object({ says: z.literal("constant"), value: z.string() }),
  z.object({ says: z.literal("repeated"), example: z.string() }),
  z.object({ says: z.literal("missing-key") }),
]);
export type FindingFact = z.infer<typeof FindingFact>;

/** Why a value does not fit a column of a type. */
export const MISFIT_SENTENCES = {
  boolean: "not true or false",
  integer: "not a whole number of 64 bits",
  double: "not a number",
  date: "not a day written YYYY-MM-DD",
  timestamp: "not a time written YYYY-MM-DD hh:mm:ss",
  string: "not text",
} as const satisfies Record<ColumnType, string>;

/** Something a reader of the data should know: blanks read as missing, rows set aside. */
export const Finding = z.object({
  kind: z.enum(["blank", "bad-row", "constant", "duplicate-key"]),
  severity: z.enum(["info", "warning"]),
  column: z.string().nullable(),
  rows: z.int(),
  /** One sentence, for example "11 blanks, all where tenure = 0". */
  message: z.string(),
  /** The same as figures; absent in findings of before it was kept. */
  fact: FindingFact.optional(),
});
export type Finding = z.infer<typeof Finding>;

/** A row that could not be read: where it stands and why. `line` counts from 1 in the file, header included. */
export const BadRow = z.object({
  file: z.string(),
  line: z.int(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  reason: z.string(),
});
export type BadRow = z.infer<typeof BadRow>;

/** Up to 1,000,000 rows of one import. `digest` is over the typed values in row order; `artifact` is the Parquet file's. */
export const Part = z.object({ digest: Digest, artifact: Digest, rows: z.int(), bytes: z.int() });
export type Part = z.infer<typeof Part>;

export const DatasetVersion = z.object({
  dataset: Name,
  id: Digest,
  rows: z.int(),
  schema: z.array(Column),
  parts: z.array(Part),
  bytes: z.int(),
  /** Column that names a row, if one was given. */
  key: z.string().nullable(),
  findings: z.array(Finding),
  /** Rows set aside at import with their reasons (JSON lines); null when every row was good. */
  quarantine: z.object({ rows: z.int(), artifact: Digest }).nullable(),
  parent: Digest.nullable(),
  /** What made it: a file, a pipeline step, a split, or the prediction log of a deployment joined with its truth. */
  source: z.object({
    kind: z.enum(["file", "step", "split", "log"]),
    name: z.string(),
    digest: Digest.nullable(),
  }),
  createdAt: Timestamp,
  createdBy: Actor,
});
export type DatasetVersion = z.infer<typeof DatasetVersion>;

export const Dataset = z.object({
  name: Name,
  latest: DatasetVersion.nullable(),
  versions: z.int(),
  createdAt: Timestamp,
});
export type Dataset = z.infer<typeof Dataset>;

/** One column's profile. Numbers are null where they have no meaning for the type. Moments and quantiles leave missing values out. */
export const ColumnProfile = z.object({
  name: z.string(),
  type: ColumnType,
  count: z.int(),
  missing: z.int(),
  /** Approximate above 1,000 distinct values (HyperLogLog). */
  distinct: z.int(),
  min: z.union([z.number(), z.string()]).nullable(),
  max: z.union([z.number(), z.string()]).nullable(),
  mean: z.number().nullable(),
  /** Sample standard deviation. */
  std: z.number().nullable(),
  quantiles: z.array(z.object({ p: z.number(), value: z.number() })),
  /** Equal-width bins, `edges` one longer than `counts`; null for text. */
  histogram: z.object({ edges: z.array(z.number()), counts: z.array(z.int()) }).nullable(),
  top: z.array(z.object({ value: z.string(), count: z.int() })),
});
export type ColumnProfile = z.infer<typeof ColumnProfile>;

export const Profile = z.object({ rows: z.int(), columns: z.array(ColumnProfile) });
export type Profile = z.infer<typeof Profile>;

export const FileFormat = z.enum(["csv", "parquet", "jsonl"]);
export type FileFormat = z.infer<typeof FileFormat>;

/** How a file is read; what is absent is inferred from the file. */
export const ImportOptions = z.object({
  format: FileFormat.optional(),
  delimiter: z.string().length(1).optional(),
  /** Types by column; the rest is inferred. */
  columns: z.record(z.string(), ColumnType).optional(),
  key: z.string().optional(),
  onBadRow: z.enum(["refuse", "quarantine"]).default("refuse"),
  onBlank: z.enum(["missing", "refuse"]).default("missing"),
  /** Adds the rows to the latest version instead of replacing them. */
  append: z.boolean().default(false),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

export const Import = z.object({
  id: z.uuid(),
  dataset: Name,
  file: z.string(),
  state: WorkState,
  progress: Progress.nullable(),
  /** Set when it succeeded. */
  version: DatasetVersion.nullable(),
  /** True when the same rows were there already and no version was made. */
  unchanged: z.boolean(),
  /** Set when it failed; at most 20 bad rows with the count of all. */
  problem: z.object({ code: z.string(), message: z.string(), help: z.string().nullable() }).nullable(),
  badRows: z.object({ total: z.int(), first: z.array(BadRow) }).nullable(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type Import = z.infer<typeof Import>;

/** Shares must add up to 1. By hash: the same key value always falls on the same side, whatever else the table holds. */
export const SplitRequest = z.discriminatedUnion("by", [
  z.object({
    by: z.literal("hash"),
    key: z.string(),
    shares: z.record(Name, z.number().min(0).max(1)),
    seed: z.int().default(0),
  }),
  /** Rows whose `column` is before a boundary go to the earlier part; `boundaries` is one shorter than `names`. */
  z.object({
    by: z.literal("time"),
    column: z.string(),
    names: z.array(Name).min(2),
    boundaries: z.array(z.string()).min(1),
  }),
]);
export type SplitRequest = z.infer<typeof SplitRequest>;

/** One named part of a split, each a dataset version of its own named `<dataset>.<part>`. */
export const Split = z.object({
  id: z.uuid(),
  state: WorkState,
  parts: z.array(z.object({ name: Name, version: DatasetVersion })),
  problem: z.object({ code: z.string(), message: z.string(), help: z.string().nullable() }).nullable(),
});
export type Split = z.infer<typeof Split>;

const InDataset = z.object({ dataset: Name });
/** `version`: an id, a prefix of 6 digits or more, or `latest`. */
const InVersion = InDataset.extend({ version: z.string() });

export const data = {
  upload: endpoint({
    method: "POST",
    path: "/api/data/uploads",
    permission: "data:write",
    summary: "Stores a file's bytes for an import; they are dropped after a day unless used.",
    input: z.object({}),
    output: z.object({ digest: Digest, bytes: z.int() }),
    body: "bytes",
  }),
  startImport: endpoint({
    method: "POST",
    path: "/api/data/datasets/:dataset/imports",
    permission: "data:write",
    summary: "Imports an uploaded file as a new version; a worker reads it.",
    input: InDataset.extend({
      upload: Digest,
      file: z.string().min(1).max(255),
      options: ImportOptions.prefault({}),
    }),
    output: Import,
  }),
  getImport: endpoint({
    method: "GET",
    path: "/api/data/imports/:import",
    permission: "data:read",
    summary: "An import with its progress or its result.",
    input: z.object({ import: z.uuid() }),
    output: Import,
  }),
  followImport: endpoint({
    method: "GET",
    path: "/api/data/imports/:import/stream",
    permission: "data:read",
    summary: "An import each time it changes, until it ends.",
    input: z.object({ import: z.uuid() }),
    output: Import,
    answer: "events",
  }),
  listImports: endpoint({
    method: "GET",
    path: "/api/data/datasets/:dataset/imports",
    permission: "data:read",
    summary: "Imports of a dataset, newest first.",
    input: InDataset.extend(Paging.shape),
    output: page(Import),
  }),
  listDatasets: endpoint({
    method: "GET",
    path: "/api/data/datasets",
    permission: "data:read",
    summary: "Datasets with their newest version, by name.",
    input: Paging,
    output: page(Dataset),
  }),
  getDataset: endpoint({
    method: "GET",
    path: "/api/data/datasets/:dataset",
    permission: "data:read",
    summary: "A dataset with its newest version.",
    input: InDataset,
    output: Dataset,
  }),
  listVersions: endpoint({
    method: "GET",
    path: "/api/data/datasets/:dataset/versions",
    permission: "data:read",
    summary: "Versions of a dataset, newest first.",
    input: InDataset.extend(Paging.shape),
    output: page(DatasetVersion),
  }),
  getVersion: endpoint({
    method: "GET",
    path: "/api/data/datasets/:dataset/versions/:version",
    permission: "data:read",
    summary: "A version by id, prefix or `latest`.",
    input: InVersion,
    output: DatasetVersion,
  }),
  getProfile: endpoint({
    method: "GET",
    path: "/api/data/datasets/:dataset/versions/:version/profile",
    permission: "data:read",
    summary: "Counts, moments, quantiles, histogram and top values of each column.",
    input: InVersion,
    output: Profile,
  }),
  preview: endpoint({
    method: "GET",
    path: "/api/data/datasets/:dataset/versions/:version/rows",
    permission: "data:read",
    summary: "Rows in their stored order, from an offset.",
    input: InVersion.extend({
      offset: z.coerce.number<number>().int().min(0).default(0),
      limit: z.coerce.number<number>().int().min(1).max(1000).default(50),
    }),
    output: z.object({ columns: z.array(Column), rows: z.array(z.array(Json)), total: z.int() }),
  }),
  listQuarantine: endpoint({
    method: "GET",
    path: "/api/data/datasets/:dataset/versions/:version/quarantine",
    permission: "data:read",
    summary: "Rows that were set aside when the version was imported, with their reasons.",
    input: InVersion.extend({
      offset: z.coerce.number<number>().int().min(0).default(0),
      limit: z.coerce.number<number>().int().min(1).max(1000).default(50),
    }),
    output: z.object({ rows: z.array(BadRow.extend({ text: z.string() })), total: z.int() }),
  }),
  downloadPart: endpoint({
    method: "GET",
    path: "/api/data/datasets/:dataset/versions/:version/parts/:part",
    permission: "data:read",
    summary: "One part as a Parquet file, by its number from 0.",
    input: InVersion.extend({ part: z.coerce.number<number>().int().min(0) }),
    output: z.unknown(),
    answer: "bytes",
  }),
  startSplit: endpoint({
    method: "POST",
    path: "/api/data/datasets/:dataset/versions/:version/splits",
    permission: "data:write",
    summary: "Splits a version by hash of a key or by time, stable under later rows.",
    input: InVersion.extend({ split: SplitRequest }),
    output: Split,
  }),
  getSplit: endpoint({
    method: "GET",
    path: "/api/data/splits/:split",
    permission: "data:read",
    summary: "A split with its parts once it is done.",
    input: z.object({ split: z.uuid() }),
    output: Split,
  }),
};
