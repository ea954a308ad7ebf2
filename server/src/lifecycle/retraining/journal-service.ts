import type { Actor, CycleFact, CycleStepName, Json, StoryFact, TimelineEntry } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import { pagePath } from "../../platform/addresses/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import { type EndState, endTitle } from "./cycle-end-text.ts";
import { type CycleKey, type CycleRow, cyclesStore, type StepRow } from "./cycles-store.ts";
import { entriesStore } from "./entries-store.ts";
import type { RetrainingParts } from "./parts/retraining-parts.ts";
import type { PolicyRow } from "./policies-store.ts";
import { cyclePath } from "./retraining-paths.ts";

/** A link of a station or of a line of the story. */
export type Link = TimelineEntry["links"][number];

/** A line of a policy's story. */
export type Told = {
  readonly kind: TimelineEntry["kind"];
  readonly text: string;
  readonly fact?: StoryFact | undefined;
  readonly cycle?: number;
  readonly occurredAt?: Date | null;
  readonly links?: readonly Link[];
  readonly actor?: Actor;
};

/** Where something is written: in a transaction, by somebody, about a policy. */
export type Place = { readonly tx: Tx; readonly call: Call; readonly policy: PolicyRow };

/** What became of a station. */
export type StepOutcome = {
  readonly state: StepRow["state"];
  readonly text: string;
  /** The same as figures; absent where the platform refused something. */
  readonly fact?: CycleFact;
  /** What the story keeps, where the station is not told by a fact of its own. */
  readonly told?: StoryFact;
  readonly links?: readonly Link[];
  /** Event time: the watermark. */
  readonly occurredAt?: Date | null;
};

/** Kinds of lines by station; those of the rest are about the cycle. */
const KINDS: Partial<Record<CycleStepName, TimelineEntry["kind"]>> = {
  noticed: "trigger",
  approved: "approval",
  switched: "switch",
};

/** What writes down how cycles go: stations, events, the story, and messages to people. */
export type Journal = ReturnType<typeof createJournal>;

/** Makes the journal; each method writes in the caller's transaction. */
export function createJournal(parts: Pick<RetrainingParts, "events" | "notifications" | "newId" | "now">) {
  const { events, notifications, newId, now } = parts;

  /** Adds a line to a policy's story. */
  async function tell({ tx, call, policy }: Place, told: Told): Promise<void> {
    await entriesStore(tx).insert({
      id: newId(),
      policy: policy.id,
      cycle: told.cycle ?? null,
      kind: told.kind,
      text: told.text,
      ...(told.fact === undefined ? {} : { fact: told.fact }),
      actor: told.actor ?? call.actor,
      links: [...(told.links ?? [])],
      recordedAt: now(),
      occurredAt: told.occurredAt ?? null,
    });
  }

  /** Shows how a station stands. Whatever changes it is an event; a station that ends or is held is a line of the story. */
  async function mark(
    place: Place & { readonly cycle: CycleKey; readonly step: CycleStepName },
    outcome: StepOutcome,
  ): Promise<void> {
    const { tx, call, policy, cycle, step } = place;
    const store = cyclesStore(tx);
    const before = (await store.listSteps(cycle)).find(({ name }) => name === step);
    if (before === undefined || (before.state === outcome.state && before.text === outcome.text)) return;
    const over = outcome.state === "done" || outcome.state === "skipped" || outcome.state === "failed";
    await store.updateStep(cycle, step, {
      state: outcome.state,
      text: outcome.text,
      fact: outcome.fact,
      ...(before.startedAt === null ? { startedAt: now() } : {}),
      ...(over ? { endedAt: now(), occurredAt: outcome.occurredAt ?? null } : {}),
      links: merged(before.links, outcome.links ?? []),
    });
    await events.record(tx, call, {
      type: "retraining.cycle-advanced",
      subject: cyclePath(policy, cycle.number),
      data: {
        policy: policy.name,
        number: cycle.number,
        step,
        state: outcome.state,
        text: outcome.text,
        ...eventFact(storyOf(outcome).fact),
      },
    });
    if (!over && outcome.state !== "held") return;
    await tell(place, {
      kind: KINDS[step] ?? "cycle",
      cycle: cycle.number,
      text: outcome.text,
      ...storyOf(outcome),
      occurredAt: outcome.occurredAt ?? null,
      links: outcome.links ?? [],
    });
  }

  /** Ends a cycle and tells people, once. */
  async function end(
    place: Place & { readonly cycle: CycleRow },
    ending: {
      readonly state: EndState;
      readonly text: string;
      readonly fact?: CycleFact;
      readonly occurredAt: Date | null;
    },
  ): Promise<void> {
    const { tx, call, policy, cycle } = place;
    const { state, text, fact = null } = ending;
    const subject = cyclePath(policy, cycle.number);
    await cyclesStore(tx).update(cycle, {
      state,
      problem: state === "confirmed" ? null : text,
      problemFact: state === "confirmed" ? null : fact,
      endedAt: now(),
      work: null,
      again: false,
    });
    await events.record(tx, call, {
      type: "retraining.cycle-ended",
      subject,
      data: { policy: policy.name, number: cycle.number, state, text },
    });
    const of = { deployment: policy.deployment, cycle: cycle.number };
    const { title, good } = endTitle(state, of);
    await tell(place, {
      kind: state === "rolled-back" ? "switch" : "cycle",
      cycle: cycle.number,
      text: `${title}: ${text}`,
      fact: { says: "ended", end: state, ...of, station: fact, problem: text },
      occurredAt: ending.occurredAt,
      links: [{ title: `Cycle ${cycle.number}`, subject }],
    });
    // Who cancels knows it.
    if (state === "cancelled") return;
    await send({ tx, call, policy, cycle: cycle.number }, { title, text, end: state, good });
  }

  /** Tells the policy's channels how a cycle ended, once, and notes it in the story. */
  async function send(
    place: Place & { readonly cycle: number },
    message: {
      readonly title: string;
      readonly text: string;
      readonly end: EndState;
      readonly good: boolean;
    },
  ): Promise<void> {
    const { tx, call, policy, cycle } = place;
    const channels = policy.settings.notify;
    if (channels.length === 0) return;
    const { title, text, end: key, good } = message;
    const subject = cyclePath(policy, cycle);
    await notifications.notify(tx, call, {
      channels,
      subject,
      key,
      title,
      text,
      facts: [
        { name: "Policy", value: policy.name },
        { name: "Deployment", value: policy.deployment },
        { name: "Model", value: policy.model },
      ],
      url: pageOf(policy, cycle),
      status: good ? "resolved" : "firing",
    });
    await tell(place, {
      kind: "notification",
      cycle,
      text: `Told ${channels.join(", ")}: ${title}`,
      fact: { says: "told", channels: [...channels], end: key, deployment: policy.deployment, cycle },
      links: [
        { title: "Messages", subject: `/api/platform/notifications?subject=${encodeURIComponent(subject)}` },
      ],
    });
  }

  return { tell, mark, end, send };
}

/** What an event carries so that a page can say it in any language. */
export function eventFact(fact: StoryFact | undefined): { fact?: Json } {
  return fact === undefined ? {} : { fact: fact as unknown as Json }; // made of JSON's own values
}

function storyOf({ fact, told }: StepOutcome): { fact?: StoryFact } {
  if (told !== undefined) return { fact: told };
  return fact === undefined ? {} : { fact: { says: "station", station: fact } };
}

function merged(before: readonly Link[], added: readonly Link[]): Link[] {
  return [...new Map([...before, ...added].map((link) => [link.subject, link])).values()];
}

/** Page of a cycle. */
function pageOf(policy: PolicyRow, cycle: number): string {
  return pagePath(policy, ["retraining", policy.name, cycle]);
}
