import { sql } from "kysely";
import { createNaming } from "../../../platform/artifacts/index.ts";
import type { Db, Tx } from "../../../platform/database/index.ts";
import type { TreeOwner } from "../tracking.ts";
import { foldersAbove } from "./artifact-path.ts";

/** A file as it is stored. */
export type StoredFile = { readonly path: string; readonly digest: string; readonly bytes: number };

/** A direct child of a folder; a folder has neither digest nor bytes. */
export type StoredChild = {
  readonly path: string;
  readonly folder: boolean;
  readonly digest: string | null;
  readonly bytes: number | null;
};

/** Names bytes by a path; not where the owner is gone, the path is a folder, or a file stands where it needs a folder. */
export const FILE_NAMING = createNaming({
  name: "file",
  values: 5,
  text: `insert into experiments_artifacts (owner, path, digest, bytes)
    select $1::text, $2::text, kept.digest, kept.bytes from kept
    where not exists (select from experiments_artifacts where owner = $1 and path = any($3::text[]))
      and not exists (select from experiments_artifacts where owner = $1 and path >= $2 || '/' and path < $4::text)
      and case $5::text
        when 'run' then exists (select from experiments_runs where id = $1)
        when 'model' then exists (select from experiments_models where id = $1)
        when 'trace' then exists (select from experiments_traces where id = $1)
        else true end
    on conflict (owner, path) do update set digest = excluded.digest, bytes = excluded.bytes
    returning path`,
});

/** The values of the naming. Paths sort by their bytes, and `0` follows the slash. */
export function fileValues(owner: string, path: string, kind: TreeOwner["kind"]): unknown[] {
  return [owner, path, foldersAbove(path), `${path}0`, kind];
}

/** Statements on files; an owner is the key of its rows. */
export function artifactTreeStore(db: Db | Tx) {
  /** Everything below a folder; paths sort by their bytes, and `0` follows the slash. */
  const below = (owner: string, folder: string) =>
    folder === ""
      ? sql<boolean>`owner = ${owner}`
      : sql<boolean>`owner = ${owner} and path >= ${`${folder}/`} and path < ${`${folder}0`}`;

  return {
    /** Where clients find the files of a run or a logged model. */
    async findRoot(
      { kind, id }: { kind: "run" | "model"; id: string },
      project: string,
    ): Promise<string | undefined> {
      const { rows } =
        kind === "model"
          ? await sql<{ root: string }>`
            select model.artifact_uri as root from experiments_models as model
            join experiments_experiments as experiment on experiment.key = model.experiment_key
            where model.id = ${id} and experiment.project = ${project}`.execute(db)
          : await sql<{ root: string }>`
            select coalesce(
              run.artifact_uri,
              coalesce(experiment.artifact_location, 'mlflow-artifacts:/' || experiment.number) || '/' || run.id || '/artifacts'
            ) as root
            from experiments_runs as run
            join experiments_experiments as experiment on experiment.key = run.experiment_key
            where run.id = ${id} and run.project = ${project}`.execute(db);
      return rows[0]?.root;
    },

    findFile(owner: string, path: string): Promise<StoredFile | undefined> {
      return db
        .selectFrom("experiments_artifacts")
        .select(["path", "digest", "bytes"])
        .where("owner", "=", owner)
        .where("path", "=", path)
        .executeTakeFirst();
    },

    async hasBelow(owner: string, folder: string): Promise<boolean> {
      const row = await db
        .selectFrom("experiments_artifacts")
        .select("path")
        .where(below(owner, folder))
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    /**
     * The direct children of a folder, by path. Each subfolder costs one look into the index, however much is in it: the next
     * look starts behind its last file.
     */
    async listChildren(owner: string, folder: string): Promise<StoredChild[]> {
      const prefix = folder === "" ? "" : `${folder}/`;
      const { rows } = await sql<StoredChild>`
        with recursive child as (
          (${firstFrom(owner, prefix, sql`${prefix}::text`)})
          union all
          select next.* from child cross join lateral (
            ${firstFrom(owner, prefix, sql`case when child.folder then child.path || '0' else child.path || chr(1) end`)}
          ) as next
        ) select path, folder, digest, bytes from child`.execute(db);
      return rows;
    },

    /** Files below a folder by path, behind `after`. */
    listFiles(filter: {
      owner: string;
      folder: string;
      after?: string | undefined;
      limit?: number | undefined;
    }): Promise<StoredFile[]> {
      const { owner, folder, after, limit } = filter;
      return db
        .selectFrom("experiments_artifacts")
        .select(["path", "digest", "bytes"])
        .where(below(owner, folder))
        .$if(after !== undefined, (query) => query.where("path", ">", after ?? ""))
        .orderBy("path")
        .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
        .execute();
    },

    /** Removes a file, or everything below a folder, and tells what it was. */
    async delete(owner: string, path: string): Promise<string[]> {
      const rows = await db
        .deleteFrom("experiments_artifacts")
        .where((is) => is.or([below(owner, path), sql<boolean>`owner = ${owner} and path = ${path}`]))
        .returning("path")
        .execute();
      return rows.map((row) => row.path);
    },
  };

  /** The first child at or behind a path: a file, or the folder that the file is in. */
  function firstFrom(owner: string, prefix: string, from: ReturnType<typeof sql>) {
    const rest = sql`substr(path, char_length(${prefix}::text) + 1)`;
    const isFolder = sql`strpos(${rest}, '/') > 0`;
    return sql`select
        (case when ${isFolder} then ${prefix}::text || split_part(${rest}, '/', 1) else path end) collate "C" as path,
        ${isFolder} as folder,
        case when ${isFolder} then null else digest end as digest,
        case when ${isFolder} then null else bytes end as bytes
      from experiments_artifacts
      where owner = ${owner} and path >= ${from} ${prefix === "" ? sql`` : sql`and path < ${`${prefix.slice(0, -1)}0`}`}
      order by experiments_artifacts.path limit 1`;
  }
}
