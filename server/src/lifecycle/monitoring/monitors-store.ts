import type { Actor, Environment, Json, MonitorSettings, Scope } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";

/** Names a monitor. */
export type MonitorKey = Scope & { readonly name: string };

/** A monitor as it is stored. */
export type StoredMonitor = MonitorKey & {
  readonly deployment: string;
  readonly settings: MonitorSettings;
  readonly paused: boolean;
  readonly watermark: Date | null;
  readonly open: { readonly start: Date; readonly end: Date; readonly title: string } | null;
  /** Up to where changes of the log were followed; null before the first look. */
  readonly logPosition: Json;
  /** When closed windows were last computed anew. */
  readonly restatedAt: Date | null;
  readonly problem: string | null;
  /** The work that looks at it now. */
  readonly work: string | null;
  readonly wanted: boolean;
  readonly createdAt: Date;
  readonly createdBy: Actor;
};

/** What one look at the log found of a monitor. */
export type Standing = Pick<StoredMonitor, "watermark" | "open" | "logPosition" | "restatedAt" | "problem">;

/** Statements on monitors. */
export function monitorsStore(db: Db | Tx) {
  return {
    /** False where the name is taken. */
    async insert(
      monitor: MonitorKey & {
        deployment: string;
        settings: MonitorSettings;
        createdAt: Date;
        createdBy: Actor;
      },
    ): Promise<boolean> {
      const row = await db
        .insertInto("monitoring_monitors")
        .values({
          project: monitor.project,
          environment: monitor.environment,
          name: monitor.name,
          deployment: monitor.deployment,
          settings: JSON.stringify(monitor.settings),
          created_at: monitor.createdAt,
          created_by: JSON.stringify(monitor.createdBy),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning("name")
        .executeTakeFirst();
      return row !== undefined;
    },

    async find(key: MonitorKey): Promise<StoredMonitor | undefined> {
      const row = await keyed(db, key).executeTakeFirst();
      return row === undefined ? undefined : monitorOf(row);
    },

    /** The row, locked until the transaction ends. */
    async lock(key: MonitorKey): Promise<StoredMonitor | undefined> {
      const row = await keyed(db, key).forUpdate().executeTakeFirst();
      return row === undefined ? undefined : monitorOf(row);
    },

    /** By name; `after` is the name of the last monitor of the page before. */
    async list(
      page: Scope & { deployment: string | undefined; after: string | undefined; limit: number },
    ): Promise<StoredMonitor[]> {
      const rows = await db
        .selectFrom("monitoring_monitors")
        .selectAll()
        .where("project", "=", page.project)
        .where("environment", "=", page.environment)
        .$if(page.deployment !== undefined, (query) => query.where("deployment", "=", page.deployment ?? ""))
        .$if(page.after !== undefined, (query) => query.where("name", ">", page.after ?? ""))
        .orderBy("name")
        .limit(page.limit)
        .execute();
      return rows.map(monitorOf);
    },

    /** Every monitor that looks, of every scope or of one deployment. */
    async listActive(of?: Scope & { deployment: string }): Promise<StoredMonitor[]> {
      const rows = await db
        .selectFrom("monitoring_monitors")
        .selectAll()
        .where("paused", "=", false)
        .$if(of !== undefined, (query) =>
          query
            .where("project", "=", of?.project ?? "")
            .where("environment", "=", of?.environment ?? "dev")
            .where("deployment", "=", of?.deployment ?? ""),
        )
        .execute();
      return rows.map(monitorOf);
    },

    async putSettings(key: MonitorKey, change: Pick<StoredMonitor, "settings" | "paused">): Promise<void> {
      await changed(db, key)
        .set({ settings: JSON.stringify(change.settings), paused: change.paused })
        .execute();
    },

    async putStanding(key: MonitorKey, standing: Standing): Promise<void> {
      await changed(db, key)
        .set({
          watermark_at: standing.watermark,
          open_start_at: standing.open?.start ?? null,
          open_end_at: standing.open?.end ?? null,
          open_title: standing.open?.title ?? null,
          log_position: JSON.stringify(standing.logPosition),
          restated_at: standing.restatedAt,
          problem: standing.problem,
        })
        .execute();
    },

    async putProblem(key: MonitorKey, problem: string | null): Promise<void> {
      await changed(db, key).set({ problem }).execute();
    },

    /** Says which work looks, and whether it is to look once more. */
    async putWork(key: MonitorKey, work: Pick<StoredMonitor, "work" | "wanted">): Promise<void> {
      await changed(db, key).set({ work_id: work.work, wanted: work.wanted }).execute();
    },

    async delete(key: MonitorKey): Promise<void> {
      await db
        .deleteFrom("monitoring_monitors")
        .where("project", "=", key.project)
        .where("environment", "=", key.environment)
        .where("name", "=", key.name)
        .execute();
    },
  };
}

function keyed(db: Db | Tx, key: MonitorKey) {
  return db
    .selectFrom("monitoring_monitors")
    .selectAll()
    .where("project", "=", key.project)
    .where("environment", "=", key.environment)
    .where("name", "=", key.name);
}

function changed(db: Db | Tx, key: MonitorKey) {
  return db
    .updateTable("monitoring_monitors")
    .where("project", "=", key.project)
    .where("environment", "=", key.environment)
    .where("name", "=", key.name);
}

function monitorOf(row: Selectable<Schema["monitoring_monitors"]>): StoredMonitor {
  const { open_start_at: start, open_end_at: end, open_title: title } = row;
  return {
    project: row.project,
    environment: row.environment satisfies Environment,
    name: row.name,
    deployment: row.deployment,
    settings: row.settings,
    paused: row.paused,
    watermark: row.watermark_at,
    open: start === null || end === null ? null : { start, end, title: title ?? "" },
    logPosition: row.log_position,
    restatedAt: row.restated_at,
    problem: row.problem,
    work: row.work_id,
    wanted: row.wanted,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
