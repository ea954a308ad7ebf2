import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { MonitorStanding } from "./monitor-gauges.ts";

/** The statement behind what metrics tell of monitors. */
export function gaugesStore(db: Db | Tx) {
  return {
    /** Monitors with their newest window, and of its columns those that moved most, without their bins. */
    async listNewest(limits: { monitors: number; columns: number }): Promise<MonitorStanding[]> {
      const { rows } = await sql<MonitorStanding>`
        select m.project, m.environment, m.name as monitor, m.deployment, newest.end_at as "end", newest.summary,
          coalesce(moved.columns, '[]') as columns,
          (select count(*)::int from monitoring_alerts a where a.project = m.project and a.environment = m.environment
            and a.monitor = m.name and a.state <> 'resolved') as "openAlerts"
        from monitoring_monitors m
        left join lateral (
          select w.end_at, w.summary, w.detail from monitoring_windows w
          where w.project = m.project and w.environment = m.environment and w.monitor = m.name
          order by w.start_at desc limit 1
        ) newest on true
        left join lateral (
          select jsonb_agg(drift) as columns from (
            select jsonb_build_object('column', c -> 'column', 'kind', c -> 'kind', 'effect', c -> 'effect',
              'drifted', c -> 'drifted', 'scores', c -> 'scores') as drift
            from jsonb_array_elements(newest.detail -> 'columns') c
            order by (c ->> 'effect')::float8 desc limit ${limits.columns}
          ) one
        ) moved on true
        order by m.project, m.environment, m.name limit ${limits.monitors}`.execute(db);
      return rows;
    },
  };
}
