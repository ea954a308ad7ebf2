import type { Json, MonitorWindow, MonitorWindowDetail } from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import type { MonitorKey } from "./monitors-store.ts";

/** What lists show of a window. */
export type WindowSummary = Omit<MonitorWindow, "monitor">;

/** The columns of a window with what they were compared with. */
export type WindowDetail = Pick<MonitorWindowDetail, "columns" | "predictionDrift" | "reference">;

/** A window to store; `profile` holds the counts that a later year is compared with. */
export type NewWindow = {
  readonly start: Date;
  readonly end: Date;
  readonly summary: WindowSummary;
  readonly detail: WindowDetail;
  readonly profile: Json;
};

/** Statements on the windows of monitors. */
export function windowsStore(db: Db | Tx) {
  function ofMonitor(key: MonitorKey) {
    return db
      .selectFrom("monitoring_windows")
      .where("project", "=", key.project)
      .where("environment", "=", key.environment)
      .where("monitor", "=", key.name);
  }

  return {
    /** Stores a window, or takes the place of what was stored for the same time. */
    async put(key: MonitorKey, window: NewWindow): Promise<void> {
      const content = {
        end_at: window.end,
        summary: JSON.stringify(window.summary),
        detail: JSON.stringify(window.detail),
        profile: JSON.stringify(window.profile),
      };
      await db
        .insertInto("monitoring_windows")
        .values({
          project: key.project,
          environment: key.environment,
          monitor: key.name,
          start_at: window.start,
          ...content,
        })
        .onConflict((conflict) =>
          conflict.columns(["project", "environment", "monitor", "start_at"]).doUpdateSet(content),
        )
        .execute();
    },

    /** Newest first; `before` is the start of the last window of the page before. */
    async list(key: MonitorKey, page: { before: Date | undefined; limit: number }): Promise<WindowSummary[]> {
      const rows = await ofMonitor(key)
        .select("summary")
        .$if(page.before !== undefined, (query) => query.where("start_at", "<", page.before ?? new Date(0)))
        .orderBy("start_at", "desc")
        .limit(page.limit)
        .execute();
      return rows.map(({ summary }) => summary);
    },

    /** Every window in order of time. */
    async listAll(key: MonitorKey): Promise<WindowSummary[]> {
      const rows = await ofMonitor(key).select("summary").orderBy("start_at").execute();
      return rows.map(({ summary }) => summary);
    },

    async find(key: MonitorKey, start: Date): Promise<(WindowSummary & WindowDetail) | undefined> {
      const row = await ofMonitor(key)
        .select(["summary", "detail"])
        .where("start_at", "=", start)
        .executeTakeFirst();
      return row === undefined ? undefined : { ...row.summary, ...row.detail };
    },

    /** The newest windows with their columns, newest first. */
    async listDetails(key: MonitorKey, limit: number): Promise<(WindowSummary & WindowDetail)[]> {
      const rows = await ofMonitor(key)
        .select(["summary", "detail"])
        .orderBy("start_at", "desc")
        .limit(limit)
        .execute();
      return rows.map(({ summary, detail }) => ({ ...summary, ...detail }));
    },

    /** The counts of windows by their start. */
    async listProfiles(
      key: MonitorKey,
      starts: readonly Date[],
    ): Promise<Pick<Selectable<Schema["monitoring_windows"]>, "start_at" | "end_at" | "profile">[]> {
      if (starts.length === 0) return [];
      return ofMonitor(key)
        .select(["start_at", "end_at", "profile"])
        .where("start_at", "in", [...starts])
        .execute();
    },

    /** How many windows each of some monitors has, and its newest one. */
    async standingOf(key: MonitorKey): Promise<{ windows: number; newest: WindowSummary | null }> {
      const count = await ofMonitor(key)
        .select((select) => select.fn.countAll<number>().as("windows"))
        .executeTakeFirstOrThrow();
      const [newest] = await this.list(key, { before: undefined, limit: 1 });
      return { windows: Number(count.windows), newest: newest ?? null };
    },
  };
}
