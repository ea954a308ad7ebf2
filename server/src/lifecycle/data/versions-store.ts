import type { Actor, Column, DatasetVersion, Finding, Part, Profile } from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import type { PartColumn } from "../../platform/database/rows/data.ts";

/** A version before it is written. */
export interface NewVersion {
  id: string;
  rows: number;
  bytes: number;
  schema: Column[];
  key: string | null;
  findings: Finding[];
  quarantine: { rows: number; artifact: string } | null;
  parent: string | null;
  source: DatasetVersion["source"];
  profile: Profile;
  createdAt: Date;
  createdBy: Actor;
}

/** A part before it is written. */
export interface NewStoredPart extends Part {
  columns: PartColumn[];
}

/** A dataset as its row says. */
export interface DatasetRow {
  name: string;
  latest: string | null;
  versions: number;
  createdAt: Date;
}

const VERSION_COLUMNS = [
  "dataset",
  "id",
  "number",
  "rows",
  "bytes",
  "schema",
  "key",
  "findings",
  "quarantine_rows",
  "quarantine_artifact",
  "parent",
  "source_kind",
  "source_name",
  "source_digest",
  "created_at",
  "created_by",
] as const;

type VersionRow = Pick<Selectable<Schema["data_versions"]>, (typeof VERSION_COLUMNS)[number]>;

/** Statements on datasets, their versions and parts. */
export function versionsStore(db: Db | Tx) {
  const versions = (project: string, dataset: string) =>
    db
      .selectFrom("data_versions")
      .select(VERSION_COLUMNS)
      .where("project", "=", project)
      .where("dataset", "=", dataset);

  return {
    /** Makes the dataset where it is new, and locks it until the transaction ends. */
    async lockDataset(project: string, name: string): Promise<DatasetRow> {
      await db
        .insertInto("data_datasets")
        .values({ project, name, latest: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await db
        .selectFrom("data_datasets")
        .selectAll()
        .where("project", "=", project)
        .where("name", "=", name)
        .forUpdate()
        .executeTakeFirstOrThrow();
      return toDataset(row);
    },

    async findDataset(project: string, name: string): Promise<DatasetRow | undefined> {
      const row = await db
        .selectFrom("data_datasets")
        .selectAll()
        .where("project", "=", project)
        .where("name", "=", name)
        .executeTakeFirst();
      return row === undefined ? undefined : toDataset(row);
    },

    async listDatasets(page: {
      project: string;
      after: string | undefined;
      limit: number;
    }): Promise<DatasetRow[]> {
      const rows = await db
        .selectFrom("data_datasets")
        .selectAll()
        .where("project", "=", page.project)
        .$if(page.after !== undefined, (query) => query.where("name", ">", page.after ?? ""))
        .orderBy("name")
        .limit(page.limit)
        .execute();
      return rows.map(toDataset);
    },

    async setLatest(dataset: { project: string; name: string }, version: string): Promise<void> {
      await db
        .updateTable("data_datasets")
        .set({ latest: version })
        .where("project", "=", dataset.project)
        .where("name", "=", dataset.name)
        .execute();
    },

    async insertVersion(dataset: { project: string; name: string }, version: NewVersion): Promise<void> {
      const counted = await db
        .updateTable("data_datasets")
        .set((set) => ({ latest: version.id, versions: set("versions", "+", 1) }))
        .where("project", "=", dataset.project)
        .where("name", "=", dataset.name)
        .returning("versions")
        .executeTakeFirstOrThrow();
      await db
        .insertInto("data_versions")
        .values({
          project: dataset.project,
          dataset: dataset.name,
          id: version.id,
          number: counted.versions,
          rows: version.rows,
          bytes: version.bytes,
          schema: JSON.stringify(version.schema),
          key: version.key,
          findings: JSON.stringify(version.findings),
          quarantine_rows: version.quarantine?.rows ?? null,
          quarantine_artifact: version.quarantine?.artifact ?? null,
          parent: version.parent,
          source_kind: version.source.kind,
          source_name: version.source.name,
          source_digest: version.source.digest,
          profile: JSON.stringify(version.profile),
          created_at: version.createdAt,
          created_by: JSON.stringify(version.createdBy),
        })
        .execute();
    },

    /** Adds parts that are new; of one that is known already, the file that holds it stays. */
    async addParts(project: string, parts: readonly NewStoredPart[]): Promise<void> {
      if (parts.length === 0) return;
      await db
        .insertInto("data_parts")
        .values(
          parts.map(({ digest, artifact, rows, bytes, columns }) => ({
            project,
            digest,
            artifact,
            rows,
            bytes,
            columns: JSON.stringify(columns),
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async insertVersionParts(
      version: { project: string; dataset: string; id: string },
      digests: readonly string[],
    ): Promise<void> {
      await db
        .insertInto("data_version_parts")
        .values(
          digests.map((part, position) => ({
            project: version.project,
            dataset: version.dataset,
            version: version.id,
            position,
            part,
          })),
        )
        .execute();
    },

    /** The parts of versions, in order, with what their profile is merged from. */
    async listParts(
      project: string,
      dataset: string,
      ids: readonly string[],
    ): Promise<Map<string, NewStoredPart[]>> {
      const found = new Map<string, NewStoredPart[]>(ids.map((id) => [id, []]));
      if (ids.length === 0) return found;
      const rows = await db
        .selectFrom("data_version_parts as held")
        .innerJoin("data_parts as part", (join) =>
          join.onRef("part.project", "=", "held.project").onRef("part.digest", "=", "held.part"),
        )
        .select(["held.version", "part.digest", "part.artifact", "part.rows", "part.bytes", "part.columns"])
        .where("held.project", "=", project)
        .where("held.dataset", "=", dataset)
        .where("held.version", "in", [...ids])
        .orderBy("held.position")
        .execute();
      for (const { version, ...part } of rows) found.get(version)?.push(part);
      return found;
    },

    /** Of several parts, the files that hold them. */
    async artifactsOf(project: string, digests: readonly string[]): Promise<Map<string, string>> {
      const rows = await db
        .selectFrom("data_parts")
        .select(["digest", "artifact"])
        .where("project", "=", project)
        .where("digest", "in", [...digests])
        .execute();
      return new Map(rows.map(({ digest, artifact }) => [digest, artifact]));
    },

    async findVersion(project: string, dataset: string, id: string): Promise<VersionRow | undefined> {
      return versions(project, dataset).where("id", "=", id).executeTakeFirst();
    },

    /** Ids that begin with a prefix, two at most: enough to see that it is ambiguous. */
    async findIds(project: string, dataset: string, prefix: string): Promise<string[]> {
      const rows = await db
        .selectFrom("data_versions")
        .select("id")
        .where("project", "=", project)
        .where("dataset", "=", dataset)
        .where("id", ">=", prefix)
        .where("id", "<", `${prefix}g`)
        .orderBy("id")
        .limit(2)
        .execute();
      return rows.map(({ id }) => id);
    },

    async listVersions(page: {
      project: string;
      dataset: string;
      before: number | undefined;
      limit: number;
    }): Promise<VersionRow[]> {
      return versions(page.project, page.dataset)
        .$if(page.before !== undefined, (query) => query.where("number", "<", page.before ?? 0))
        .orderBy("number", "desc")
        .limit(page.limit)
        .execute();
    },

    /** The newest versions of several datasets. */
    async listLatest(project: string, datasets: readonly string[]): Promise<VersionRow[]> {
      if (datasets.length === 0) return [];
      return db
        .selectFrom("data_versions")
        .innerJoin("data_datasets", (join) =>
          join
            .onRef("data_datasets.project", "=", "data_versions.project")
            .onRef("data_datasets.name", "=", "data_versions.dataset")
            .onRef("data_datasets.latest", "=", "data_versions.id"),
        )
        .select(VERSION_COLUMNS.map((column) => `data_versions.${column}` as const))
        .where("data_versions.project", "=", project)
        .where("data_versions.dataset", "in", [...datasets])
        .execute();
    },

    async findProfile(project: string, dataset: string, id: string): Promise<Profile | undefined> {
      const row = await db
        .selectFrom("data_versions")
        .select("profile")
        .where("project", "=", project)
        .where("dataset", "=", dataset)
        .where("id", "=", id)
        .executeTakeFirst();
      return row?.profile;
    },

    async upsertUpload(project: string, upload: { digest: string; bytes: number }): Promise<void> {
      await db
        .insertInto("data_uploads")
        .values({ project, digest: upload.digest, bytes: upload.bytes })
        .onConflict((conflict) =>
          conflict.columns(["project", "digest"]).doUpdateSet({ created_at: sql`now()` }),
        )
        .execute();
    },

    async hasUpload(project: string, digest: string): Promise<boolean> {
      const row = await db
        .selectFrom("data_uploads")
        .select("digest")
        .where("project", "=", project)
        .where("digest", "=", digest)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function toDataset(row: Selectable<Schema["data_datasets"]>): DatasetRow {
  return { name: row.name, latest: row.latest, versions: row.versions, createdAt: row.created_at };
}

/** A version as callers see it. */
export function toVersion(row: VersionRow, parts: readonly NewStoredPart[]): DatasetVersion {
  return {
    dataset: row.dataset,
    id: row.id,
    rows: row.rows,
    schema: row.schema,
    parts: parts.map(({ digest, artifact, rows, bytes }) => ({ digest, artifact, rows, bytes })),
    bytes: row.bytes,
    key: row.key,
    findings: row.findings,
    quarantine:
      row.quarantine_rows === null || row.quarantine_artifact === null
        ? null
        : { rows: row.quarantine_rows, artifact: row.quarantine_artifact },
    parent: row.parent,
    source: { kind: row.source_kind, name: row.source_name, digest: row.source_digest },
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
  };
}
