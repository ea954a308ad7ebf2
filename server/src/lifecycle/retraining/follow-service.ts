import { AlertFact, type Event, type EventType, type Scope, type TimelineEntry } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import type { Consumer } from "../../platform/events/index.ts";
import { cyclesStore } from "./cycles-store.ts";
import type { Journal, Place } from "./journal-service.ts";
import { type PolicyRow, policiesStore } from "./policies-store.ts";
import { policyCall } from "./policy-call.ts";
import { deploymentPath, monitorPath } from "./retraining-paths.ts";
import type { Starts } from "./start-service.ts";
import { windowLine } from "./window-line.ts";

/** What happens elsewhere and may move a cycle, begin one, or belong into a story. */
const TYPES: readonly EventType[] = [
  "pipelines.run-ended",
  "registry.version-prepared",
  "registry.gate-judged",
  "registry.approval-decided",
  "registry.approval-expired",
  "deployments.deployment-ready",
  "deployments.deployment-failed",
  "monitoring.window-closed",
  "monitoring.window-restated",
  "monitoring.alert-raised",
  "monitoring.alert-resolved",
  "retraining.cycle-ended",
  "platform.notification-failed",
];

/** Makes the reader of events: each is handled once, in the transaction that moves the reader on. */
export function createFollower({ journal, starts }: { journal: Journal; starts: Starts }): Consumer {
  async function handle(tx: Tx, event: Event, call: Call): Promise<void> {
    for (const subject of subjectsOf(event)) {
      for (const key of await cyclesStore(tx).listWatching(event, subject)) {
        const policy = await policiesStore(tx).get(key.policy);
        await starts.wake(tx, policyCall(policy, call), key);
      }
    }
    const policies = await policiesOf(tx, event);
    for (const policy of policies) {
      await tellOf({ tx, call: policyCall(policy, call), policy }, event);
      if (mayBegin(event.type)) await starts.consider(tx, policyCall(policy, call), policy.id);
    }
  }

  async function tellOf(place: Place, event: Event): Promise<void> {
    const line = lineOf(event);
    if (line === null) return;
    const occurredAt = new Date(event.occurredAt);
    await journal.tell(place, { ...line, occurredAt, actor: event.actor });
  }

  return { name: "retraining", types: TYPES, handle };
}

/** Policies that an event may concern as a whole, not one of their cycles alone. */
async function policiesOf(tx: Tx, event: Event): Promise<PolicyRow[]> {
  const scope = scopeOf(event);
  const store = policiesStore(tx);
  const { monitor, policy } = event.data;
  if (event.type.startsWith("monitoring.") && typeof monitor === "string")
    return store.listFollowing(scope, monitor);
  const named =
    event.type === "platform.notification-failed"
      ? policyOfPath(String(event.data["subject"] ?? ""))
      : policy;
  if (typeof named !== "string") return [];
  const found = await store.find(scope, named);
  return found === undefined ? [] : [found];
}

function policyOfPath(subject: string): string | undefined {
  return /^\/api\/retraining\/policies\/([^/?]+)/.exec(subject)?.[1];
}

/** Things that a cycle may wait for and that the event is about. */
function subjectsOf(event: Event): string[] {
  const { deployment, monitor } = event.data;
  const { environment } = scopeOf(event);
  if (event.type.startsWith("deployments.") && typeof deployment === "string")
    return [deploymentPath(deployment, environment)];
  if (event.type.startsWith("monitoring.window-") && typeof monitor === "string")
    return [monitorPath(monitor, environment)];
  return [event.subject];
}

function mayBegin(type: EventType): boolean {
  return (
    type === "monitoring.window-closed" ||
    type === "monitoring.window-restated" ||
    type === "monitoring.alert-raised" ||
    type === "retraining.cycle-ended"
  );
}

/** The line that an event of another stage is in a policy's story; null where it is none. */
function lineOf({
  type,
  data,
  subject,
}: Event): Pick<TimelineEntry, "kind" | "text" | "fact" | "links"> | null {
  const title = typeof data["title"] === "string" ? data["title"] : "";
  switch (type) {
    case "monitoring.window-closed":
    case "monitoring.window-restated":
      return windowLine(type, data, subject);
    case "monitoring.alert-raised":
      return { ...alertLine(data), text: `Alert: ${title}`, links: [{ title: "Alert", subject }] };
    case "monitoring.alert-resolved":
      return {
        ...alertLine(data, true),
        text: `Resolved: ${title}`,
        links: [{ title: "Alert", subject }],
      };
    case "platform.notification-failed": {
      const problem = typeof data["problem"] === "string" ? data["problem"] : "it was not taken";
      const channel = typeof data["channel"] === "string" ? data["channel"] : "a channel";
      return {
        kind: "notification",
        text: `${channel} was not reached: ${problem}`,
        fact: { says: "not-told", channel, problem },
        links: [],
      };
    }
    default:
      return null;
  }
}

/** An alert's line with its title as figures, where its event carries them. */
function alertLine({ fact }: Event["data"], resolved = false): Pick<TimelineEntry, "kind" | "fact"> {
  const title = AlertFact.safeParse(fact);
  return title.success
    ? { kind: "alert", fact: { says: "alert", resolved, title: title.data } }
    : { kind: "alert" };
}

function scopeOf(event: Event): Scope {
  return { project: event.project, environment: event.environment ?? "dev" };
}
