import type { Event } from "@causeway/contract";
import type { Status } from "../../components/status-mark.tsx";

/** Events that say the same of the same thing, told once with their number; `event` is the newest of them. */
export type Told = { event: Event; times: number };

/** Folds neighbours that repeat: same type, same subject, same outcome. Events come newest first. */
export function fold(events: readonly Event[]): Told[] {
  const told: Told[] = [];
  for (const event of events) {
    const last = told.at(-1);
    if (
      last !== undefined &&
      last.event.type === event.type &&
      last.event.subject === event.subject &&
      outcomeOf(last.event) === outcomeOf(event)
    ) {
      last.times += 1;
    } else told.push({ event, times: 1 });
  }
  return told;
}

/** Groups what is told by the day on which it was recorded, days in their order. */
export function byDay(told: readonly Told[], dayOf: (at: Date) => string): { day: string; told: Told[] }[] {
  const days: { day: string; told: Told[] }[] = [];
  for (const each of told) {
    const day = dayOf(new Date(each.event.recordedAt));
    const last = days.at(-1);
    if (last?.day === day) last.told.push(each);
    else days.push({ day, told: [each] });
  }
  return days;
}

/** The state that an event says its subject came to, where it says one. */
export function outcomeOf(event: Event): string {
  const { state, passed } = event.data;
  if (typeof passed === "boolean") return passed ? "passed" : "refused";
  return typeof state === "string" ? state : "";
}

/** The shape before an event. */
export function eventStatus(event: Event): Status {
  const outcome = outcomeOf(event);
  if (event.type === "monitoring.alert-raised") return event.data["severity"] === "warning" ? "warn" : "crit";
  if (event.type.endsWith("requested")) return "waiting";
  if (event.type.endsWith("truth-refused")) return "warn";
  if (event.type.endsWith("held") || event.type.endsWith("expired")) return "blocked";
  if (["refused", "rejected", "expired", "rolled-back", "withdrawn"].includes(outcome)) return "blocked";
  if (event.type.endsWith("failed") || outcome === "failed" || outcome === "lost") return "crit";
  if (outcome === "cached") return "cached";
  if (outcome === "cancelled" || outcome === "killed" || outcome === "skipped") return "blocked";
  if (event.type.endsWith("started") && event.type !== "platform.started") return "running";
  if (event.type.endsWith("revoked") || event.type.endsWith("removed") || event.type.endsWith("deleted"))
    return "blocked";
  if (event.type.endsWith("registered")) return "waiting";
  return "ok";
}

/** The REST path of what an event is about, as far as there is a page for it: an import belongs to its dataset. */
export function thingOf({ subject, data }: Event): string {
  const dataset = data["dataset"];
  return subject.startsWith("/api/data/imports/") && typeof dataset === "string"
    ? `/api/data/datasets/${dataset}`
    : subject;
}

/** What a person calls the thing of an event: an alert by its sentence, a gate and an approval by their version. */
export function titleOf(event: Event): string | undefined {
  const { title, model, version } = event.data;
  if (typeof title === "string" && event.type.startsWith("monitoring.alert")) return title;
  const isOfVersion = /\/api\/registry\/(gates|approvals)\//.test(event.subject);
  return isOfVersion && typeof model === "string" && typeof version === "number"
    ? `${model} v${version}`
    : undefined;
}

/** The name that an event tells beside its thing: of a step, a run, a token. */
export function nameIn({ subject, data }: Event): string {
  const step = /\/steps\/([^/]+)$/.exec(subject)?.[1];
  const name = step ?? data["name"] ?? data["step"] ?? data["window"] ?? data["reason"] ?? windowIn(subject);
  return typeof name === "string" ? decodeURIComponent(name) : "";
}

/** The day of a window's start, where the path names one. */
function windowIn(subject: string): string {
  const start = /\/windows\/([^/]+)$/.exec(subject)?.[1];
  return start === undefined ? "" : decodeURIComponent(start).slice(0, 10);
}
