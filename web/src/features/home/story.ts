import { AlertFact, type Event, StoryFact } from "@causeway/contract";
import { alertTitle } from "../../components/alert-words.ts";
import { storyText } from "../../components/cycle-words.ts";
import type { Status } from "../../components/status-mark.tsx";
import { windowName } from "../../components/window-name.ts";
import type { Format } from "../../lib/format.ts";
import type { Translate } from "../../lib/words.tsx";

/** Events that say the same of the same thing, told once with their number; `event` is the newest of them. */
export type Told = { event: Event; times: number };

/** What comes all the time while a model is used: told once for a stretch of lines, wherever in it it stands. */
const ROUTINE: readonly Event["type"][] = [
  "deployments.truth-recorded",
  "monitoring.window-closed",
  "monitoring.window-restated",
];
const STRETCH = 12;

/** Folds neighbours that repeat: same type, same subject, same outcome. Events come newest first. */
export function fold(events: readonly Event[]): Told[] {
  const told: Told[] = [];
  for (const event of events) {
    const reach = ROUTINE.includes(event.type) ? STRETCH : 1;
    const same = told
      .slice(-reach)
      .find(
        (each) =>
          each.event.type === event.type &&
          thingOf(each.event) === thingOf(event) &&
          outcomeOf(each.event) === outcomeOf(event) &&
          nameIn(each.event) === nameIn(event),
      );
    if (same === undefined) told.push({ event, times: 1 });
    else same.times += 1;
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
  if (ROUTINE.includes(event.type)) return "idle";
  if (event.type === "retraining.cycle-advanced") return stationStatus(outcome);
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

/** The shape of a station of a retraining. */
function stationStatus(state: string): Status {
  if (state === "held") return "waiting";
  if (state === "failed") return "crit";
  if (state === "running" || state === "waiting") return "running";
  return state === "skipped" ? "blocked" : "ok";
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

/** The name that an event tells beside its thing: of a step, a run, a token, a window; of a station what it did. */
export function nameIn({ type, subject, data }: Event): string {
  const step = /\/steps\/([^/]+)$/.exec(subject)?.[1];
  const said = type.startsWith("retraining.") ? (data["text"] ?? data["reason"]) : undefined;
  const window = type.startsWith("monitoring.window") ? data["title"] : undefined;
  const name = said ?? window ?? data["name"] ?? data["step"] ?? data["channel"];
  if (step !== undefined) return decodeURIComponent(step);
  return typeof name === "string" ? name : "";
}

/** The same in the reader's language, where the event carries its figures. */
export function saidIn(event: Event, words: { t: Translate; format: Format }): string {
  const name = nameIn(event);
  if (event.type.startsWith("monitoring.window")) return windowName(name, words);
  const fact = StoryFact.safeParse(event.data["fact"]);
  return event.type.startsWith("retraining.") && fact.success
    ? storyText({ text: name, fact: fact.data }, words)
    : name;
}

/** What a person calls the thing of an event, likewise. */
export function calledIn(event: Event, words: { t: Translate; format: Format }): string | undefined {
  const fact = AlertFact.safeParse(event.data["fact"]);
  return event.type.startsWith("monitoring.alert") && fact.success
    ? alertTitle({ title: "", facts: { title: fact.data, evidence: [] } }, words)
    : titleOf(event);
}
