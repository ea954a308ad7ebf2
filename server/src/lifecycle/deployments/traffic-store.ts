import type { Environment, TrafficReport } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { DeploymentKey } from "./deployments-store.ts";

/** What a gateway counted for one revision of one deployment. */
export type HeardTraffic = TrafficReport & {
  readonly project: string;
  readonly environment: Environment;
  readonly deployment: string;
};

/** Traffic of a span of server time, as it is stored. */
export type StoredTraffic = {
  readonly span: number;
  readonly requests: number;
  readonly rows: number;
  readonly errors: number;
  readonly refused: number;
  readonly latency: number[];
};

/** What a deployment's log has come to. */
export type Watermark = {
  readonly lastOccurredAt: Date | null;
  readonly lastReceivedAt: Date | null;
  readonly position: number;
};

/** A span of event time, both ends included, whose log or truth changed. */
export type Change = {
  readonly position: number;
  readonly what: "truth" | "predictions";
  readonly firstAt: Date;
  readonly lastAt: Date;
};

/** Statements on what gateways counted, on watermarks and on what changed. */
export function trafficStore(db: Db | Tx) {
  return {
    /** Ids of deployments that exist or existed, by their names. */
    async findIds(keys: readonly DeploymentKey[]): Promise<(DeploymentKey & { id: number })[]> {
      if (keys.length === 0) return [];
      return db
        .selectFrom("deployments_deployments")
        .select(["id", "project", "environment", "name"])
        .where(
          sql<boolean>`(project, environment, name) in (select * from unnest(
            ${keys.map(({ project }) => project)}::text[], ${keys.map(({ environment }) => environment)}::text[],
            ${keys.map(({ name }) => name)}::text[]))`,
        )
        .orderBy("id")
        .execute();
    },

    /** True once per report: the gateway's counting of the revision moves on to where this report begins. */
    async takeReport(report: {
      gateway: string;
      deployment: number;
      revision: number;
      from: string;
    }): Promise<boolean> {
      const row = await db
        .insertInto("deployments_traffic_reports")
        .values({
          gateway: report.gateway,
          deployment: report.deployment,
          revision: report.revision,
          counted_from: report.from,
        })
        .onConflict((conflict) =>
          conflict
            .columns(["gateway", "deployment", "revision"])
            .doUpdateSet({ counted_from: report.from })
            .whereRef("deployments_traffic_reports.counted_from", "<", "excluded.counted_from"),
        )
        .returning("deployment")
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Adds counts to those of their minute. */
    async addTraffic(deployment: number, { revision, from, ...counts }: TrafficReport): Promise<void> {
      await sql`
        insert into deployments_traffic as held (deployment, minute, revision, requests, rows, errors, refused, latency)
        values (${deployment}, date_trunc('minute', ${from}::timestamptz), ${revision}, ${counts.requests}, ${counts.rows},
          ${counts.errors}, ${counts.refused}, ${counts.latency}::integer[])
        on conflict (deployment, minute, revision) do update set
          requests = held.requests + excluded.requests, rows = held.rows + excluded.rows,
          errors = held.errors + excluded.errors, refused = held.refused + excluded.refused,
          latency = (select array_agg(coalesce(a, 0) + coalesce(b, 0) order by place)
            from unnest(held.latency, excluded.latency) with ordinality as classes (a, b, place))`.execute(
        db,
      );
    },

    /** Spans with traffic over all revisions, oldest first; `span` counts from 0 at `from`. */
    async listTraffic(asked: {
      deployment: number;
      from: Date;
      until: Date;
      spanMs: number;
    }): Promise<StoredTraffic[]> {
      const { rows } = await sql<StoredTraffic>`
        with own as (
          select *, floor(extract(epoch from minute - ${asked.from}::timestamptz) * 1000 / ${asked.spanMs}::float8)::int as span
          from deployments_traffic
          where deployment = ${asked.deployment} and minute >= ${asked.from} and minute < ${asked.until}
        ), classes as (
          select span, place, sum(count)::int as count from own, unnest(latency) with ordinality as l (count, place)
          group by span, place
        )
        select own.span, sum(requests)::int8 as requests, sum(rows)::int8 as rows, sum(errors)::int8 as errors,
          sum(refused)::int8 as refused,
          (select array_agg(count order by place) from classes where classes.span = own.span) as latency
        from own group by own.span order by own.span`.execute(db);
      return rows;
    },

    /** The row, made where there is none, locked until the transaction ends. */
    async lockWatermark(deployment: number): Promise<Watermark> {
      const { rows } = await sql<Watermark>`
        insert into deployments_watermarks as held (deployment) values (${deployment})
        on conflict (deployment) do update set position = held.position
        returning last_occurred_at as "lastOccurredAt", last_received_at as "lastReceivedAt", position`.execute(
        db,
      );
      const [row] = rows;
      if (row === undefined) throw new Error("an upsert always returns its row");
      return row;
    },

    async findWatermark(deployment: number): Promise<Watermark | undefined> {
      return db
        .selectFrom("deployments_watermarks")
        .select(["last_occurred_at as lastOccurredAt", "last_received_at as lastReceivedAt", "position"])
        .where("deployment", "=", deployment)
        .executeTakeFirst();
    },

    /** Moves a locked watermark; neither time ever goes back. */
    async moveWatermark(
      deployment: number,
      to: { occurredAt: Date | null; receivedAt: Date | null; position: number },
    ): Promise<void> {
      await sql`update deployments_watermarks set position = ${to.position},
          last_occurred_at = greatest(last_occurred_at, ${to.occurredAt}::timestamptz),
          last_received_at = greatest(last_received_at, ${to.receivedAt}::timestamptz)
        where deployment = ${deployment}`.execute(db);
    },

    async insertChanges(deployment: number, changes: readonly Change[], at: Date): Promise<void> {
      if (changes.length === 0) return;
      await db
        .insertInto("deployments_changes")
        .values(
          changes.map(({ position, what, firstAt, lastAt }) => ({
            deployment,
            position,
            what,
            first_at: firstAt,
            last_at: lastAt,
            recorded_at: at,
          })),
        )
        .execute();
    },

    /** What changed after a position, oldest first. */
    async listChanges(since: { deployment: number; after: number; limit: number }): Promise<Change[]> {
      return db
        .selectFrom("deployments_changes")
        .select(["position", "what", "first_at as firstAt", "last_at as lastAt"])
        .where("deployment", "=", since.deployment)
        .where("position", ">", since.after)
        .orderBy("position")
        .limit(since.limit)
        .execute();
    },

    async deleteChanges(before: Date): Promise<void> {
      await db.deleteFrom("deployments_changes").where("recorded_at", "<", before).execute();
    },
  };
}
