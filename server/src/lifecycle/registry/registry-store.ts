import {
  type Actor,
  type Alias,
  type GoldenRow,
  type Model,
  type ModelVersion,
  Preparation,
  READY,
  RunRecord,
  type Signature,
} from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import type { AliasKey, StoredAliasChange } from "./alias-rules-store.ts";
import { PROMPT_TAG } from "./prompt.ts";

/** A version as it is stored; its aliases live in a table of their own. */
export type StoredVersion = Omit<ModelVersion, "aliases">;

/** A model as it is stored. */
export type StoredModel = Pick<
  Model,
  "name" | "description" | "versions" | "createdAt" | "tags" | "updatedAt"
> & {
  readonly createdBy: Actor;
};

/** An alias with the model that it belongs to. */
export type StoredAlias = Alias & { readonly model: string };

/** Statements on models, versions and aliases. */
export function registryStore(db: Db | Tx) {
  return {
    /**
     * Makes the model on first sight and gives out its next number; the row stays locked until the transaction ends. `made`:
     * it was not there before.
     */
    async raiseVersion(model: {
      project: string;
      name: string;
      createdAt: Date;
      createdBy: Actor;
    }): Promise<{ version: number; made: boolean }> {
      const { versions, made } = await db
        .insertInto("registry_models")
        .values({
          project: model.project,
          name: model.name,
          versions: 1,
          created_at: model.createdAt,
          created_by: JSON.stringify(model.createdBy),
          updated_at: model.createdAt,
        })
        .onConflict((conflict) =>
          conflict.columns(["project", "name"]).doUpdateSet((set) => ({
            versions: sql<number>`${set.ref("registry_models.versions")} + 1`,
            updated_at: model.createdAt,
          })),
        )
        // A row that was inserted has no transaction that ended it; one that was updated has this one.
        .returning(["versions", sql<boolean>`xmax = 0`.as("made")])
        .executeTakeFirstOrThrow();
      return { version: versions, made };
    },

    async insertVersion(project: string, version: StoredVersion): Promise<void> {
      await db
        .insertInto("registry_versions")
        .values({
          project,
          model: version.model,
          version: version.version,
          digest: version.digest,
          format: version.format,
          files: JSON.stringify(version.files),
          bytes: version.bytes,
          signature: JSON.stringify(version.signature),
          golden: JSON.stringify(version.golden),
          report: version.report === null ? null : JSON.stringify(version.report),
          run: version.run,
          pipeline: version.pipelineRun?.pipeline ?? null,
          pipeline_run: version.pipelineRun?.number ?? null,
          record: JSON.stringify(version.record),
          description: version.description,
          created_at: version.createdAt,
          created_by: JSON.stringify(version.createdBy),
          refit_of: version.refitOf,
          reference: version.reference,
          preparation: version.preparation === READY ? null : JSON.stringify(version.preparation),
          tags: JSON.stringify(version.tags),
          stage: version.registryStage,
          source: version.source,
          logged_model: version.loggedModel,
          run_link: version.runLink,
          updated_at: version.createdAt,
        })
        .execute();
    },

    async findModel(project: string, name: string): Promise<StoredModel | undefined> {
      const row = await db
        .selectFrom("registry_models")
        .selectAll()
        .where("project", "=", project)
        .where("name", "=", name)
        .executeTakeFirst();
      return row === undefined ? undefined : modelOf(row);
    },

    /** By name, without prompts; `after` is the name of the last model of the page before. */
    async listModels(page: {
      project: string;
      after: string | undefined;
      limit: number;
    }): Promise<StoredModel[]> {
      const rows = await db
        .selectFrom("registry_models")
        .selectAll()
        .where("project", "=", page.project)
        .where(sql`coalesce(tags ->> ${PROMPT_TAG}, '')`, "<>", "true")
        .$if(page.after !== undefined, (query) => query.where("name", ">", page.after ?? ""))
        .orderBy("name")
        .limit(page.limit)
        .execute();
      return rows.map(modelOf);
    },

    /** The newest version of each model that is not deleted. */
    async listNewest(project: string, models: readonly string[]): Promise<StoredVersion[]> {
      if (models.length === 0) return [];
      const rows = await db
        .selectFrom("registry_models as model")
        .innerJoin("registry_versions as version", (join) =>
          join
            .onRef("version.project", "=", "model.project")
            .onRef("version.model", "=", "model.name")
            .on("version.deleted_at", "is", null),
        )
        .distinctOn("model.name")
        .orderBy("model.name")
        .orderBy("version.version", "desc")
        .selectAll("version")
        .where("model.project", "=", project)
        .where("model.name", "in", models)
        .execute();
      return rows.map(versionOf);
    },

    /** With `deleted` also one that was deleted. */
    async findVersion(key: {
      project: string;
      model: string;
      version: number;
      deleted?: boolean;
    }): Promise<StoredVersion | undefined> {
      const row = await db
        .selectFrom("registry_versions")
        .selectAll()
        .where("project", "=", key.project)
        .where("model", "=", key.model)
        .where("version", "=", key.version)
        .$if(key.deleted !== true, (query) => query.where("deleted_at", "is", null))
        .executeTakeFirst();
      return row === undefined ? undefined : versionOf(row);
    },

    /** Newest first; `before` is the number of the last version of the page before. */
    async listVersions(page: {
      project: string;
      model: string;
      before: number | undefined;
      limit: number;
    }): Promise<StoredVersion[]> {
      const rows = await db
        .selectFrom("registry_versions")
        .selectAll()
        .where("project", "=", page.project)
        .where("model", "=", page.model)
        .where("deleted_at", "is", null)
        .$if(page.before !== undefined, (query) => query.where("version", "<", page.before ?? 0))
        .orderBy("version", "desc")
        .limit(page.limit)
        .execute();
      return rows.map(versionOf);
    },

    /** The newest version of a model that steps of a run of a pipeline registered. */
    async findVersionOfRun(made: {
      project: string;
      model: string;
      pipeline: string;
      number: number;
    }): Promise<StoredVersion | undefined> {
      const row = await db
        .selectFrom("registry_versions")
        .selectAll()
        .where("project", "=", made.project)
        .where("model", "=", made.model)
        .where("pipeline", "=", made.pipeline)
        .where("pipeline_run", "=", made.number)
        .where("deleted_at", "is", null)
        .orderBy("version", "desc")
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? undefined : versionOf(row);
    },

    async listAliases(project: string, models: readonly string[]): Promise<StoredAlias[]> {
      if (models.length === 0) return [];
      const rows = await db
        .selectFrom("registry_aliases")
        .selectAll()
        .where("project", "=", project)
        .where("model", "in", models)
        .orderBy("environment")
        .orderBy("alias")
        .execute();
      return rows.map(aliasOf);
    },

    async findAlias(key: AliasKey): Promise<StoredAlias | undefined> {
      const row = await aliasQuery(db, key).executeTakeFirst();
      return row === undefined ? undefined : aliasOf(row);
    },

    /** The model, held until the transaction ends: its aliases are not moved and no version is added meanwhile. */
    async holdModel(project: string, name: string): Promise<StoredModel | undefined> {
      const row = await db
        .selectFrom("registry_models")
        .selectAll()
        .where("project", "=", project)
        .where("name", "=", name)
        .forShare()
        .executeTakeFirst();
      return row === undefined ? undefined : modelOf(row);
    },

    /** Keeps two moves of one model's aliases apart until the transaction ends. */
    async lockModel(project: string, name: string): Promise<void> {
      await db
        .selectFrom("registry_models")
        .select("name")
        .where("project", "=", project)
        .where("name", "=", name)
        .forUpdate()
        .execute();
    },

    async putAlias(
      key: AliasKey,
      to: { version: number; assignedAt: Date; assignedBy: Actor },
    ): Promise<void> {
      const assigned = {
        version: to.version,
        assigned_at: to.assignedAt,
        assigned_by: JSON.stringify(to.assignedBy),
      };
      await db
        .insertInto("registry_aliases")
        .values({ ...key, ...assigned })
        .onConflict((conflict) =>
          conflict.columns(["project", "environment", "model", "alias"]).doUpdateSet(assigned),
        )
        .execute();
    },

    async deleteAlias(key: AliasKey): Promise<void> {
      await db
        .deleteFrom("registry_aliases")
        .where("project", "=", key.project)
        .where("environment", "=", key.environment)
        .where("model", "=", key.model)
        .where("alias", "=", key.alias)
        .execute();
    },

    async insertAliasChange(change: StoredAliasChange): Promise<void> {
      await db
        .insertInto("registry_alias_changes")
        .values({
          id: change.id,
          project: change.project,
          environment: change.environment,
          model: change.model,
          alias: change.alias,
          version: change.version,
          previous: change.previous,
          changed_at: change.changedAt,
          changed_by: JSON.stringify(change.changedBy),
        })
        .execute();
    },

    /** Newest first; `after` is the id of the last change of the page before. */
    async listAliasChanges(
      key: AliasKey,
      page: { after: string | undefined; limit: number },
    ): Promise<StoredAliasChange[]> {
      const rows = await db
        .selectFrom("registry_alias_changes")
        .selectAll()
        .where("project", "=", key.project)
        .where("environment", "=", key.environment)
        .where("model", "=", key.model)
        .where("alias", "=", key.alias)
        .$if(page.after !== undefined, (query) => query.where("id", "<", page.after ?? ""))
        .orderBy("id", "desc")
        .limit(page.limit)
        .execute();
      return rows.map(({ changed_at, changed_by, ...row }) => ({
        ...row,
        changedAt: changed_at,
        changedBy: changed_by,
      }));
    },
  };
}

function aliasQuery(db: Db | Tx, key: AliasKey) {
  return db
    .selectFrom("registry_aliases")
    .selectAll()
    .where("project", "=", key.project)
    .where("environment", "=", key.environment)
    .where("model", "=", key.model)
    .where("alias", "=", key.alias);
}

/** A model as its row tells. */
export function modelOf(row: Selectable<Schema["registry_models"]>): StoredModel {
  return {
    name: row.name,
    description: row.description,
    versions: row.versions,
    tags: row.tags,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
  };
}

/** A version as its row tells. */
export function versionOf(row: Selectable<Schema["registry_versions"]>): StoredVersion {
  return {
    model: row.model,
    version: row.version,
    digest: row.digest,
    format: row.format,
    files: row.files,
    bytes: row.bytes,
    signature: row.signature,
    golden: row.golden.map((golden) => inOrder(row.signature, golden)),
    preparation: Preparation.parse(row.preparation ?? READY),
    report: row.report,
    reference: row.reference,
    refitOf: row.refit_of,
    run: row.run,
    pipelineRun:
      row.pipeline === null || row.pipeline_run === null
        ? null
        : { pipeline: row.pipeline, number: row.pipeline_run },
    // Members that a later program adds to the record take their defaults in rows of before.
    record: RunRecord.parse(row.record),
    description: row.description,
    tags: row.tags,
    registryStage: row.stage,
    source: row.source,
    loggedModel: row.logged_model,
    runLink: row.run_link,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
  };
}

/** A record with its columns in the signature's order, which the database does not keep. */
function inOrder({ inputs }: Signature, { record, prediction }: GoldenRow): GoldenRow {
  const columns = inputs.flatMap(({ name }) => {
    const value = record[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { record: { ...Object.fromEntries(columns), ...record }, prediction };
}

function aliasOf(row: Selectable<Schema["registry_aliases"]>): StoredAlias {
  return {
    model: row.model,
    alias: row.alias,
    environment: row.environment,
    version: row.version,
    assignedAt: row.assigned_at.toISOString(),
    assignedBy: row.assigned_by,
  };
}
