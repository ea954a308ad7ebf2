import { ALERT_KINDS, type Alert, type AlertKind, type MonitorSettings } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import { pagePath } from "../../platform/addresses/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Notifications } from "../../platform/notifications/index.ts";
import { type AlertDecision, decideAlert, type Streak } from "./alert-decision.ts";
import { alertEvent } from "./alert-event.ts";
import { alertContent } from "./alert-text.ts";
import { type AlertContent, alertsStore } from "./alerts-store.ts";
import { alertPath } from "./monitor-path.ts";
import type { StoredMonitor } from "./monitors-store.ts";
import { type WindowSummary, windowsStore } from "./windows-store.ts";

/** What alerts are written by. */
export type AlertsWriterParts = {
  readonly events: Pick<Events, "record">;
  readonly notifications: Pick<Notifications, "notify">;
  readonly now: () => Date;
  readonly newId: () => string;
};

/** Makes what raises, carries on and ends the alerts of a monitor, in the transaction of the windows that say so. */
export function createAlertsWriter({ events, notifications, now, newId }: AlertsWriterParts) {
  /** Follows the windows as they are stored now. */
  async function follow(
    tx: Tx,
    call: Call,
    {
      monitor,
      windows,
      reached,
    }: { monitor: StoredMonitor; windows: readonly WindowSummary[]; reached: Date },
  ): Promise<void> {
    const { settings } = monitor;
    const newest = await alertsStore(tx).lockNewest(monitor);
    for (const kind of ALERT_KINDS) {
      const alert = newest.get(kind);
      const decision = decideAlert({ kind, windows, alert, reached: reached.getTime(), settings });
      await carryOut(tx, call, { monitor, kind, alert, decision });
    }
  }

  async function carryOut(
    tx: Tx,
    call: Call,
    known: { monitor: StoredMonitor; kind: AlertKind; alert: Alert | undefined; decision: AlertDecision },
  ): Promise<void> {
    const { monitor, kind, alert, decision } = known;
    switch (decision.action) {
      case "none":
        return;
      case "raise":
        return raise(tx, call, { monitor, kind, streak: decision.streak });
      case "update":
        if (alert !== undefined) await update(tx, { monitor, alert, streak: decision.streak });
        return;
      case "resolve":
        if (alert !== undefined) await resolve(tx, call, { monitor, alert, note: decision.note });
        return;
      case "replace":
        if (alert !== undefined) await resolve(tx, call, { monitor, alert, note: decision.note });
        return raise(tx, call, { monitor, kind, streak: decision.streak });
      default:
        return decision satisfies never;
    }
  }

  async function raise(
    tx: Tx,
    call: Call,
    { monitor, kind, streak }: { monitor: StoredMonitor; kind: AlertKind; streak: Streak },
  ): Promise<void> {
    const content = await contentOf(tx, { monitor, kind, streak });
    const id = newId();
    const { deployment } = monitor;
    await alertsStore(tx).insert(monitor, { ...content, id, kind, deployment, raisedAt: now() });
    const alert = { ...content, id, kind, deployment, monitor: monitor.name };
    await events.record(tx, call, alertEvent("monitoring.alert-raised", alert));
    await tell(tx, call, { alert, settings: monitor.settings, resolved: null });
  }

  async function update(
    tx: Tx,
    { monitor, alert, streak }: { monitor: StoredMonitor; alert: Alert; streak: Streak },
  ): Promise<void> {
    const content = await contentOf(tx, { monitor, kind: alert.kind, streak });
    // What began earlier than the windows that are left still began then.
    const [since = content.since] = [content.since, alert.since].toSorted();
    await alertsStore(tx).putContent(alert.id, { ...content, since });
  }

  async function resolve(
    tx: Tx,
    call: Call,
    { monitor, alert, note }: { monitor: StoredMonitor; alert: Alert; note: string },
  ): Promise<void> {
    await alertsStore(tx).resolve(alert.id, { at: now(), actor: call.actor, note: alert.note ?? note });
    await events.record(tx, call, alertEvent("monitoring.alert-resolved", alert));
    await tell(tx, call, { alert, settings: monitor.settings, resolved: note });
  }

  async function contentOf(
    tx: Tx,
    { monitor, kind, streak }: { monitor: StoredMonitor; kind: AlertKind; streak: Streak },
  ): Promise<AlertContent> {
    const [newest] = streak.windows;
    const detail = await windowsStore(tx).find(monitor, new Date(newest.start));
    return alertContent(kind, streak, detail ?? { columns: [], predictionDrift: null, reference: null });
  }

  /** One message when it is raised and one when it is over, however many windows lie between. */
  async function tell(
    tx: Tx,
    call: Call,
    known: {
      alert: AlertContent & Pick<Alert, "id" | "monitor" | "deployment">;
      settings: MonitorSettings;
      resolved: string | null;
    },
  ): Promise<void> {
    const { alert, settings, resolved } = known;
    if (settings.notify.length === 0) return;
    await notifications.notify(tx, call, {
      channels: settings.notify,
      subject: alertPath(alert),
      title: resolved === null ? alert.title : `Resolved: ${alert.title}`,
      text: resolved === null ? alert.evidence.join("\n") : `${resolved}.`,
      facts: [
        { name: "Deployment", value: alert.deployment },
        { name: "Monitor", value: alert.monitor },
        { name: "Model", value: `${alert.model} version ${alert.version}` },
        { name: "Severity", value: alert.severity },
      ],
      url: pagePath(call.scope, ["monitoring", "alerts", alert.id]),
      status: resolved === null ? "firing" : "resolved",
      key: resolved === null ? "raised" : "resolved",
    });
  }

  return follow;
}
