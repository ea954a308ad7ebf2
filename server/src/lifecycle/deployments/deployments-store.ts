import type { Actor, DeploymentState, Environment, GatewayReport, Revision, Scope } from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import type { Standing } from "./readiness.ts";

/** Names a deployment. */
export type DeploymentKey = Scope & { readonly name: string };

/** A deployment as it is stored. */
export type StoredDeployment = DeploymentKey & {
  /** Stays with the name when a deleted deployment is made anew: its log and truth are the same. */
  readonly id: number;
  readonly serve: string;
  readonly state: DeploymentState;
  readonly revision: number;
  readonly serving: number | null;
  readonly givenUp: boolean;
  /** Column of the business key. */
  readonly key: string | null;
  readonly retentionDays: number | null;
  readonly createdAt: Date;
  readonly createdBy: Actor;
  readonly deletedAt: Date | null;
};

/** A revision with the deployment that it belongs to. */
export type StoredRevision = Revision & {
  readonly project: string;
  readonly environment: Environment;
  readonly deployment: string;
};

/** Statements on deployments and their revisions. */
export function deploymentsStore(db: Db | Tx) {
  return {
    /** The row, deleted or not, locked until the transaction ends. */
    async lock(key: DeploymentKey): Promise<StoredDeployment | undefined> {
      const row = await keyed(db, key).forUpdate().executeTakeFirst();
      return row === undefined ? undefined : deploymentOf(row);
    },

    async find(key: DeploymentKey): Promise<StoredDeployment | undefined> {
      const row = await keyed(db, key).executeTakeFirst();
      return row === undefined ? undefined : deploymentOf(row);
    },

    async findById(id: number): Promise<StoredDeployment | undefined> {
      const row = await db
        .selectFrom("deployments_deployments")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      return row === undefined ? undefined : deploymentOf(row);
    },

    /** By name; `after` is the name of the last deployment of the page before. */
    async list(page: Scope & { after: string | undefined; limit: number }): Promise<StoredDeployment[]> {
      const rows = await db
        .selectFrom("deployments_deployments")
        .selectAll()
        .where("project", "=", page.project)
        .where("environment", "=", page.environment)
        .where("deleted_at", "is", null)
        .$if(page.after !== undefined, (query) => query.where("name", ">", page.after ?? ""))
        .orderBy("name")
        .limit(page.limit)
        .execute();
      return rows.map(deploymentOf);
    },

    /** Every deployment of every scope that is not deleted. */
    async listActive(): Promise<StoredDeployment[]> {
      const rows = await db
        .selectFrom("deployments_deployments")
        .selectAll()
        .where("deleted_at", "is", null)
        .orderBy("project")
        .orderBy("environment")
        .orderBy("name")
        .execute();
      return rows.map(deploymentOf);
    },

    /** Every deployment, deleted or not, whose log is kept for a time. */
    async listRetaining(): Promise<StoredDeployment[]> {
      const rows = await db
        .selectFrom("deployments_deployments")
        .selectAll()
        .where("retention_days", "is not", null)
        .orderBy("id")
        .execute();
      return rows.map(deploymentOf);
    },

    /** Deployments that follow a reference, in one environment or in all. */
    async listFollowing(reference: {
      project: string;
      environment: Environment | null;
      serve: string;
    }): Promise<StoredDeployment[]> {
      const rows = await db
        .selectFrom("deployments_deployments")
        .selectAll()
        .where("project", "=", reference.project)
        .$if(reference.environment !== null, (query) =>
          query.where("environment", "=", reference.environment ?? "dev"),
        )
        .where("serve", "=", reference.serve)
        .where("deleted_at", "is", null)
        .orderBy("environment")
        .orderBy("name")
        .execute();
      return rows.map(deploymentOf);
    },

    /** Makes the row, or takes the row of a deleted deployment of the same name. */
    async put(deployment: Omit<StoredDeployment, "id" | "deletedAt">): Promise<void> {
      const { project, environment, name } = deployment;
      const values = {
        serve: deployment.serve,
        state: deployment.state,
        revision: deployment.revision,
        serving: deployment.serving,
        given_up: deployment.givenUp,
        key: deployment.key,
        retention_days: deployment.retentionDays,
        created_at: deployment.createdAt,
        created_by: JSON.stringify(deployment.createdBy),
        deleted_at: null,
      };
      await db
        .insertInto("deployments_deployments")
        .values({ project, environment, name, ...values })
        .onConflict((conflict) => conflict.columns(["project", "environment", "name"]).doUpdateSet(values))
        .execute();
    },

    async update(
      key: DeploymentKey,
      change: Partial<Pick<StoredDeployment, "serve" | "key" | "retentionDays" | keyof Standing>>,
    ): Promise<void> {
      const { givenUp, retentionDays, ...rest } = change;
      await updateKeyed(db, key)
        .set({
          ...rest,
          ...(givenUp === undefined ? {} : { given_up: givenUp }),
          ...(retentionDays === undefined ? {} : { retention_days: retentionDays }),
        })
        .execute();
    },

    async markDeleted(key: DeploymentKey, at: Date): Promise<void> {
      await updateKeyed(db, key).set({ deleted_at: at, serving: null }).execute();
    },

    async insertRevision(revision: StoredRevision): Promise<void> {
      await db
        .insertInto("deployments_revisions")
        .values({
          project: revision.project,
          environment: revision.environment,
          deployment: revision.deployment,
          number: revision.number,
          model: revision.model,
          version: revision.version,
          digest: revision.digest,
          created_at: revision.createdAt,
          created_by: JSON.stringify(revision.createdBy),
        })
        .execute();
    },

    async listRevisions(
      key: DeploymentKey,
      page: { before: number | undefined; limit: number },
    ): Promise<StoredRevision[]> {
      const rows = await db
        .selectFrom("deployments_revisions")
        .selectAll()
        .where("project", "=", key.project)
        .where("environment", "=", key.environment)
        .where("deployment", "=", key.name)
        .$if(page.before !== undefined, (query) => query.where("number", "<", page.before ?? 0))
        .orderBy("number", "desc")
        .limit(page.limit)
        .execute();
      return rows.map(revisionOf);
    },

    /** Each version that a deployment was asked to serve, the newest revision's first. */
    async listServedVersions(key: DeploymentKey): Promise<{ model: string; version: number }[]> {
      return db
        .selectFrom("deployments_revisions")
        .select(["model", "version"])
        .where("project", "=", key.project)
        .where("environment", "=", key.environment)
        .where("deployment", "=", key.name)
        .groupBy(["model", "version"])
        .orderBy(sql`max(number)`, "desc")
        .execute();
    },

    /** Revisions that deployments ask for or serve, and those made since a time. */
    async listRevisionsSince(since: Date): Promise<StoredRevision[]> {
      const rows = await db
        .selectFrom("deployments_revisions as revision")
        .innerJoin("deployments_deployments as deployment", (join) =>
          join
            .onRef("deployment.project", "=", "revision.project")
            .onRef("deployment.environment", "=", "revision.environment")
            .onRef("deployment.name", "=", "revision.deployment"),
        )
        .selectAll("revision")
        .where((where) =>
          where.or([
            where("revision.created_at", ">=", since),
            where("revision.number", "=", where.ref("deployment.revision")),
            where("revision.number", "=", where.ref("deployment.serving")),
          ]),
        )
        .execute();
      return rows.map(revisionOf);
    },

    /** The revisions that these rows ask for and those that answer, whatever has changed since the rows were read. */
    async listRevisionsOf(deployments: readonly StoredDeployment[]): Promise<StoredRevision[]> {
      if (deployments.length === 0) return [];
      const rows = await db
        .selectFrom("deployments_revisions as revision")
        .selectAll("revision")
        .where(amongRevisions("revision", deployments))
        .execute();
      return rows.map(revisionOf);
    },

    /** What live gateways say of the revisions that these rows ask for or serve. */
    async listLiveReports(
      deployments: readonly StoredDeployment[],
      liveMs: number,
    ): Promise<(GatewayReport & DeploymentKey)[]> {
      if (deployments.length === 0) return [];
      const rows = await db
        .selectFrom("deployments_reports as report")
        .innerJoin("deployments_gateways as gateway", "gateway.name", "report.gateway")
        .selectAll("report")
        .where(amongRevisions("report", deployments))
        .where(seenWithin(liveMs))
        .orderBy("report.gateway")
        .orderBy("report.revision", "desc")
        .execute();
      return rows.map(reportOf);
    },
  };
}

/** A gateway that has reported within so many milliseconds of the database's clock. */
export function seenWithin(ms: number) {
  return sql<boolean>`gateway.seen_at > clock_timestamp() - ${ms} * interval '1 millisecond'`;
}

/** Rows of one of these deployments with the number that it asks for or serves. */
function amongRevisions(table: "revision" | "report", deployments: readonly StoredDeployment[]) {
  const number = table === "revision" ? "number" : "revision";
  return sql<boolean>`exists (
    select from unnest(${deployments.map(({ project }) => project)}::text[],
      ${deployments.map(({ environment }) => environment)}::text[],
      ${deployments.map(({ name }) => name)}::text[],
      ${deployments.map(({ revision }) => revision)}::int[],
      ${deployments.map(({ serving }) => serving)}::int[]) as wanted (project, environment, name, asked, serving)
    where wanted.project = ${sql.ref(`${table}.project`)} and wanted.environment = ${sql.ref(`${table}.environment`)}
      and wanted.name = ${sql.ref(`${table}.deployment`)}
      and ${sql.ref(`${table}.${number}`)} in (wanted.asked, wanted.serving))`;
}

function keyed(db: Db | Tx, key: DeploymentKey) {
  return db
    .selectFrom("deployments_deployments")
    .selectAll()
    .where("project", "=", key.project)
    .where("environment", "=", key.environment)
    .where("name", "=", key.name);
}

function updateKeyed(db: Db | Tx, key: DeploymentKey) {
  return db
    .updateTable("deployments_deployments")
    .where("project", "=", key.project)
    .where("environment", "=", key.environment)
    .where("name", "=", key.name);
}

function deploymentOf(row: Selectable<Schema["deployments_deployments"]>): StoredDeployment {
  const { given_up, retention_days, created_at, created_by, deleted_at, ...rest } = row;
  const retentionDays = retention_days;
  return {
    ...rest,
    retentionDays,
    givenUp: given_up,
    createdAt: created_at,
    createdBy: created_by,
    deletedAt: deleted_at,
  };
}

function revisionOf(row: Selectable<Schema["deployments_revisions"]>): StoredRevision {
  const { created_at, created_by, ...rest } = row;
  return { ...rest, createdAt: created_at.toISOString(), createdBy: created_by };
}

function reportOf(row: Selectable<Schema["deployments_reports"]>): GatewayReport & DeploymentKey {
  return {
    project: row.project,
    environment: row.environment,
    name: row.deployment,
    gateway: row.gateway,
    revision: row.revision,
    state: row.state,
    golden:
      row.golden_equal === null || row.golden_rows === null
        ? null
        : { equal: row.golden_equal, rows: row.golden_rows },
    loadMs: row.load_ms,
    problem: row.problem,
    reportedAt: row.reported_at.toISOString(),
  };
}
