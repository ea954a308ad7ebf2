import {
  type Actor,
  type Alert,
  AlertFacts,
  type AlertKind,
  type AlertState,
  type Scope,
} from "@causeway/contract";
import type { Selectable } from "kysely";
import type { Db, Schema, Tx } from "../../platform/database/index.ts";
import type { MonitorKey } from "./monitors-store.ts";

/** What windows say of an alert, anew with each that shows it. */
export type AlertContent = Pick<
  Alert,
  "severity" | "title" | "evidence" | "facts" | "data" | "model" | "version" | "since" | "until" | "windows"
>;

/** An alert to store. */
export type NewAlert = AlertContent & Pick<Alert, "id" | "kind" | "deployment"> & { readonly raisedAt: Date };

/** Statements on alerts. */
export function alertsStore(db: Db | Tx) {
  function inScope(scope: Scope) {
    return db
      .selectFrom("monitoring_alerts")
      .selectAll()
      .where("project", "=", scope.project)
      .where("environment", "=", scope.environment);
  }

  return {
    async insert(key: MonitorKey, alert: NewAlert): Promise<void> {
      await db
        .insertInto("monitoring_alerts")
        .values({
          id: alert.id,
          project: key.project,
          environment: key.environment,
          monitor: key.name,
          deployment: alert.deployment,
          kind: alert.kind,
          state: "open",
          ...columnsOf(alert),
          raised_at: alert.raisedAt,
        })
        .execute();
    },

    async putContent(id: string, content: AlertContent): Promise<void> {
      await db.updateTable("monitoring_alerts").set(columnsOf(content)).where("id", "=", id).execute();
    },

    async acknowledge(id: string, by: { at: Date; actor: Actor; note: string | null }): Promise<void> {
      await db
        .updateTable("monitoring_alerts")
        .set({
          state: "acknowledged",
          acknowledged_at: by.at,
          acknowledged_by: JSON.stringify(by.actor),
          note: by.note,
        })
        .where("id", "=", id)
        .execute();
    },

    async resolve(id: string, by: { at: Date; actor: Actor; note: string | null }): Promise<void> {
      await db
        .updateTable("monitoring_alerts")
        .set({
          state: "resolved",
          resolved_at: by.at,
          resolved_by: JSON.stringify(by.actor),
          note: by.note,
        })
        .where("id", "=", id)
        .execute();
    },

    async find(scope: Scope, id: string): Promise<Alert | undefined> {
      const row = await inScope(scope).where("id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : alertOf(row);
    },

    async lock(scope: Scope, id: string): Promise<Alert | undefined> {
      const row = await inScope(scope).where("id", "=", id).forUpdate().executeTakeFirst();
      return row === undefined ? undefined : alertOf(row);
    },

    /** Newest first; `after` is the id of the last alert of the page before. */
    async list(
      page: Scope & {
        state: AlertState | undefined;
        monitor: string | undefined;
        deployment: string | undefined;
        after: string | undefined;
        limit: number;
      },
    ): Promise<Alert[]> {
      const rows = await inScope(page)
        .$if(page.state !== undefined, (query) => query.where("state", "=", page.state ?? "open"))
        .$if(page.monitor !== undefined, (query) => query.where("monitor", "=", page.monitor ?? ""))
        .$if(page.deployment !== undefined, (query) => query.where("deployment", "=", page.deployment ?? ""))
        .$if(page.after !== undefined, (query) => query.where("id", "<", page.after ?? ""))
        .orderBy("id", "desc")
        .limit(page.limit)
        .execute();
      return rows.map(alertOf);
    },

    /** The newest alert of each kind, resolved or not, locked until the transaction ends. */
    async lockNewest(key: MonitorKey): Promise<Map<AlertKind, Alert>> {
      const rows = await inScope(key)
        .where("monitor", "=", key.name)
        .where("id", "in", (query) =>
          query
            .selectFrom("monitoring_alerts")
            .select("id")
            .distinctOn("kind")
            .where("project", "=", key.project)
            .where("environment", "=", key.environment)
            .where("monitor", "=", key.name)
            .orderBy("kind")
            .orderBy("id", "desc"),
        )
        .forUpdate()
        .execute();
      return new Map(rows.map((row) => [row.kind, alertOf(row)]));
    },

    async countOpen(key: MonitorKey): Promise<number> {
      const row = await db
        .selectFrom("monitoring_alerts")
        .select((select) => select.fn.countAll<number>().as("alerts"))
        .where("project", "=", key.project)
        .where("environment", "=", key.environment)
        .where("monitor", "=", key.name)
        .where("state", "<>", "resolved")
        .executeTakeFirstOrThrow();
      return Number(row.alerts);
    },
  };
}

function columnsOf(content: AlertContent) {
  return {
    severity: content.severity,
    title: content.title,
    evidence: JSON.stringify(content.evidence),
    data: JSON.stringify({ ...content.data, facts: content.facts }),
    model: content.model,
    version: content.version,
    since_at: content.since,
    until_at: content.until,
    windows: content.windows,
  };
}

function alertOf(row: Selectable<Schema["monitoring_alerts"]>): Alert {
  const { facts: kept, ...data } = row.data;
  // Alerts of before facts were kept have none.
  const facts = AlertFacts.safeParse(kept);
  return {
    id: row.id,
    monitor: row.monitor,
    deployment: row.deployment,
    environment: row.environment,
    kind: row.kind,
    severity: row.severity,
    state: row.state,
    title: row.title,
    evidence: row.evidence,
    ...(facts.success ? { facts: facts.data } : {}),
    data,
    model: row.model,
    version: row.version,
    since: row.since_at.toISOString(),
    until: row.until_at.toISOString(),
    windows: row.windows,
    raisedAt: row.raised_at.toISOString(),
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolvedBy: row.resolved_by,
    note: row.note,
  };
}
