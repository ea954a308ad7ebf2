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
  const state = event.data["state"];
  return typeof state === "string" ? state : "";
}

/** The shape before an event. */
export function eventStatus(event: Event): Status {
  const outcome = outcomeOf(event);
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

/** The name that an event tells beside its thing: of a step, a run, a token. */
export function nameIn({ subject, data }: Event): string {
  const step = /\/steps\/([^/]+)$/.exec(subject)?.[1];
  const name = step ?? data["name"] ?? data["step"];
  return typeof name === "string" ? decodeURIComponent(name) : "";
}
