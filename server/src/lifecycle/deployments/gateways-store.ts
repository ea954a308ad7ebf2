import type { Environment, GatewayReport } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import { type DeploymentKey, seenWithin } from "./deployments-store.ts";

/** What a gateway says of one deployment. */
export type Heard = Omit<GatewayReport, "gateway" | "reportedAt"> & {
  readonly project: string;
  readonly environment: Environment;
  readonly deployment: string;
};

/** Statements on gateways and what they report. Every time in them is the database's own. */
export function gatewaysStore(db: Db | Tx) {
  return {
    async markSeen(name: string): Promise<void> {
      await db
        .insertInto("deployments_gateways")
        .values({ name, seen_at: sql<Date>`clock_timestamp()` })
        .onConflict((conflict) =>
          conflict.column("name").doUpdateSet({ seen_at: sql<Date>`clock_timestamp()` }),
        )
        .execute();
    },

    async listLive(withinMs: number): Promise<string[]> {
      const rows = await db
        .selectFrom("deployments_gateways as gateway")
        .select("gateway.name")
        .where(seenWithin(withinMs))
        .orderBy("gateway.name")
        .execute();
      return rows.map(({ name }) => name);
    },

    /** Forgets gateways that have been silent for longer; what they reported goes with them. */
    async deleteSilent(forMs: number): Promise<void> {
      await db
        .deleteFrom("deployments_gateways as gateway")
        .where(sql<boolean>`not ${seenWithin(forMs)}`)
        .execute();
    },

    /**
     * Keeps what a gateway says of revisions that exist; answers the deployments of which it says something new. A report
     * that only repeats moves its time.
     */
    async putReports(gateway: string, heard: readonly Heard[]): Promise<DeploymentKey[]> {
      if (heard.length === 0) return [];
      const { rows } = await sql<DeploymentKey & { isNews: boolean }>`
        with heard as (
          select * from jsonb_to_recordset(${JSON.stringify(heard.map(flat))}::jsonb) as h(project text,
            environment text, deployment text, revision int, state text, golden_equal int, golden_rows int,
            load_ms float8, problem text)
        ), before as (
          select * from deployments_reports where gateway = ${gateway}
        ), put as (
          insert into deployments_reports (project, environment, deployment, revision, gateway, state, golden_equal,
            golden_rows, load_ms, problem, reported_at)
          select h.project, h.environment, h.deployment, h.revision, ${gateway}, h.state, h.golden_equal,
            h.golden_rows, h.load_ms, h.problem, clock_timestamp()
          from heard h
          join deployments_revisions r on r.project = h.project and r.environment = h.environment
            and r.deployment = h.deployment and r.number = h.revision
          on conflict (project, environment, deployment, revision, gateway) do update set state = excluded.state,
            golden_equal = excluded.golden_equal, golden_rows = excluded.golden_rows, load_ms = excluded.load_ms,
            problem = excluded.problem, reported_at = excluded.reported_at
          returning *
        )
        select put.project, put.environment, put.deployment as name,
          (before.state, before.problem) is distinct from (put.state, put.problem) as "isNews"
        from put left join before using (project, environment, deployment, revision)`.execute(db);
      return rows
        .filter(({ isNews }) => isNews)
        .map(({ project, environment, name }) => ({ project, environment, name }));
    },

    /** Deployments whose state may still change without anything new being said of them: a gateway may have died. */
    async listUnsettled(): Promise<DeploymentKey[]> {
      return db
        .selectFrom("deployments_deployments")
        .select(["project", "environment", "name"])
        .where("deleted_at", "is", null)
        .where("state", "<>", "ready")
        .orderBy("project")
        .orderBy("environment")
        .orderBy("name")
        .execute();
    },
  };
}

function flat({ golden, loadMs, ...rest }: Heard) {
  return { ...rest, golden_equal: golden?.equal ?? null, golden_rows: golden?.rows ?? null, load_ms: loadMs };
}
