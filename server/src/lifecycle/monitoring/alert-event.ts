import type { Alert, EventType, Json } from "@causeway/contract";
import { alertPath } from "./monitor-path.ts";

/** The event of a change to an alert. */
export function alertEvent(
  type: EventType & `monitoring.alert-${string}`,
  alert: Pick<
    Alert,
    "id" | "monitor" | "deployment" | "kind" | "severity" | "title" | "facts" | "model" | "version"
  > & {
    since: string;
    until: string;
    windows: number;
  },
): { type: EventType; subject: string; data: Record<string, Json> } {
  const { id, monitor, deployment, kind, severity, title, model, version, since, until, windows } = alert;
  const said = alert.facts === undefined ? {} : { fact: alert.facts.title };
  return {
    type,
    subject: alertPath(alert),
    data: {
      ...{ alert: id, monitor, deployment, kind, severity, title, model, version, since, until, windows },
      ...said,
    },
  };
}
