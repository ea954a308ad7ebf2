import { type Alert, type AlertState, fail } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { keysetPage, uuidCursor } from "../../platform/paging/index.ts";
import { alertEvent } from "./alert-event.ts";
import { alertsStore } from "./alerts-store.ts";

/** What the service of alerts is made from. */
export type AlertsParts = {
  readonly database: Pick<Database, "db">;
  readonly events: Pick<Events, "record">;
  readonly now: () => Date;
};

type InAlert = { alert: string; note?: string | undefined };

/** Makes the service of alerts, as people see and settle them. */
export function createAlertsService({ database, events, now }: AlertsParts) {
  const { db } = database;

  async function listAlerts(
    input: {
      limit: number;
      after?: string | undefined;
      state?: AlertState | undefined;
      monitor?: string | undefined;
      deployment?: string | undefined;
    },
    call: Call,
  ) {
    const rows = await alertsStore(db).list({
      ...call.scope,
      state: input.state,
      monitor: input.monitor,
      deployment: input.deployment,
      after: uuidCursor(input.after),
      limit: input.limit + 1,
    });
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  async function getAlert({ alert }: InAlert, call: Pick<Call, "scope">): Promise<Alert> {
    const found = await alertsStore(db).find(call.scope, alert);
    if (found === undefined) throw noAlert(alert);
    return found;
  }

  /** One that is acknowledged already stays as it is. */
  function acknowledgeAlert(input: InAlert, call: Call): Promise<Alert> {
    return settle(input, call, async (tx, alert) => {
      if (alert.state === "resolved") throw resolvedAlready(alert);
      if (alert.state === "acknowledged") return;
      const note = input.note ?? alert.note;
      await alertsStore(tx).acknowledge(alert.id, { at: now(), actor: call.actor, note });
      await events.record(tx, call, alertEvent("monitoring.alert-acknowledged", alert));
    });
  }

  /** One that is resolved already stays as it is. */
  function resolveAlert(input: InAlert, call: Call): Promise<Alert> {
    return settle(input, call, async (tx, alert) => {
      if (alert.state === "resolved") return;
      const note = input.note ?? alert.note;
      await alertsStore(tx).resolve(alert.id, { at: now(), actor: call.actor, note });
      await events.record(tx, call, alertEvent("monitoring.alert-resolved", alert));
    });
  }

  async function settle(
    { alert: id }: InAlert,
    call: Call,
    change: (tx: Tx, alert: Alert) => Promise<void>,
  ): Promise<Alert> {
    return db.transaction().execute(async (tx) => {
      const alert = await alertsStore(tx).lock(call.scope, id);
      if (alert === undefined) throw noAlert(id);
      await change(tx, alert);
      return (await alertsStore(tx).find(call.scope, id)) ?? alert;
    });
  }

  return { listAlerts, getAlert, acknowledgeAlert, resolveAlert };
}

function noAlert(alert: string): Error {
  return fail("NOT_FOUND", {
    message: `There is no alert ${alert} here`,
    field: "alert",
    value: alert,
    help: "npx --no causeway monitoring alerts lists those of the environment.",
  });
}

function resolvedAlready({ id, resolvedAt }: Alert): Error {
  return fail("CONFLICT", {
    message: `The alert ${id} was resolved at ${resolvedAt}`,
    field: "alert",
    value: id,
    help: "Nothing is to be done: a later window that shows it again raises a new alert.",
  });
}
