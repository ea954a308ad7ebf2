import { type Event, type EventType, fail, type Json, type Scope } from "@causeway/contract";
import { type Call, systemCall } from "../access/call.ts";
import type { Audit } from "../audit/index.ts";
import type { Database, Tx } from "../database/index.ts";
import { keysetPage, uuidCursor } from "../paging/index.ts";
import { eventEnvironment } from "./event-environment.ts";
import { createEventFeed, EVENTS_CHANNEL } from "./event-feed.ts";
import { eventsStore } from "./events-store.ts";

const BATCH = 200;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** What happened, as the stage tells it; `subject` is the REST path of the thing. */
export type Happening = {
  readonly type: EventType;
  readonly subject: string;
  readonly data: Readonly<Record<string, Json>>;
  /** Event time; now when absent. */
  readonly occurredAt?: Date;
};

/** A reader that must see every event once, also after a restart. Its place is kept in the database under `name`. */
export type Consumer = {
  readonly name: string;
  readonly types: readonly EventType[];
  /** Runs in the transaction that moves the reader on: what it writes there happens exactly once. */
  readonly handle: (tx: Tx, event: Event, call: Call) => Promise<void>;
  /** Told when `handle` failed; the event is tried again, later and later. */
  readonly onFailure?: (error: unknown) => void;
};

/** The outbox and those who read it. */
export type Events = ReturnType<typeof createEvents>;

/** What events are made from. */
export type EventsParts = { database: Database; audit: Audit; newId: () => string; now: () => Date };

/** Makes the outbox; `record` must be given the transaction of the change. */
export function createEvents({ database, audit, newId, now }: EventsParts) {
  const feed = createEventFeed(database);
  const stopping = new AbortController();

  /** Writes the event and its line in the audit trail; readers are woken by the commit. */
  async function record(tx: Tx, call: Call, happening: Happening): Promise<void> {
    const { type, subject, data } = happening;
    const event = {
      id: newId(),
      type,
      occurredAt: happening.occurredAt ?? now(),
      project: call.scope.project,
      environment: eventEnvironment(type, call.scope),
      actor: call.actor,
      subject,
      data,
    };
    await eventsStore(tx).insert(event, EVENTS_CHANNEL);
    await audit.record(tx, call, { action: type, subject, data });
  }

  async function list(
    input: {
      limit: number;
      after?: string | undefined;
      stage?: string | undefined;
      subject?: string | undefined;
    },
    call: Pick<Call, "scope">,
  ): Promise<{ items: Event[]; next: string | null }> {
    const rows = await eventsStore(database.db).list({
      scope: call.scope,
      stage: input.stage,
      subject: input.subject,
      after: uuidCursor(input.after),
      limit: input.limit + 1,
    });
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  /**
   * Events of the call's scope after the given one, or from now on, until the caller's signal aborts. `begun` resolves, once the
   * first is asked for, when "now" is known: what is recorded later is shown.
   */
  function stream(input: { after?: string | undefined }, call: Pick<Call, "scope" | "signal">) {
    const { promise: begun, resolve: onBegun } = Promise.withResolvers<void>();
    const signal = AbortSignal.any([call.signal, stopping.signal]);
    async function* inScope(): AsyncGenerator<Event, void> {
      for await (const event of follow(input.after, { signal, onBegun })) {
        if (isInScope(event, call.scope)) yield event;
      }
    }
    return Object.assign(inScope(), { begun });
  }

  async function* follow(
    after: string | undefined,
    { signal, onBegun }: { signal: AbortSignal; onBegun?: () => void },
  ): AsyncGenerator<Event, void> {
    await feed.open();
    let position = await startOf(after);
    onBegun?.();
    while (!signal.aborted) {
      const woken = feed.next(signal);
      const batch = await eventsStore(database.db).listPlaced(position, BATCH);
      for (const placed of batch) {
        position = placed.position;
        if (signal.aborted) return;
        yield placed.event;
      }
      if (batch.length < BATCH) await woken;
    }
  }

  /** Every event of every scope from now on: for counting, not for callers. */
  async function* tail(signal: AbortSignal): AsyncGenerator<Event, void> {
    yield* follow(undefined, { signal: AbortSignal.any([signal, stopping.signal]) });
  }

  async function startOf(after: string | undefined): Promise<number> {
    const store = eventsStore(database.db);
    if (after === undefined) return store.lastPosition();
    const position = await store.findPosition(uuidCursor(after) ?? "");
    if (typeof position === "number") return position;
    throw fail("INVALID_FIELD", {
      message: `There is no event ${after} to go on from`,
      field: "after",
      value: after,
      help: "Leave after out to hear what happens from now on, and read the pages again.",
    });
  }

  /** Starts a consumer; the answer stops it after the event it is at. Of several processes one at a time reads. */
  function consume(consumer: Consumer): () => Promise<void> {
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, stopping.signal]);
    const running = runConsumer(consumer, signal);
    return async () => {
      ending.abort();
      await running;
    };
  }

  async function runConsumer(consumer: Consumer, signal: AbortSignal): Promise<void> {
    let pause = FIRST_RETRY_MS;
    let isOpen = false;
    while (!signal.aborted) {
      try {
        if (!isOpen) await feed.open();
        isOpen = true;
        const patience = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_RETRY_MS)]);
        const woken = feed.next(patience, consumer.types);
        if ((await advance(consumer)) === "idle") await woken;
        pause = FIRST_RETRY_MS;
      } catch (error) {
        if (signal.aborted) return;
        isOpen = false;
        consumer.onFailure?.(error);
        await feed.next(AbortSignal.any([signal, AbortSignal.timeout(pause)]));
        pause = Math.min(pause * 2, LONGEST_RETRY_MS);
      }
    }
  }

  /** Takes a consumer through the next event that it wants. */
  async function advance(consumer: Consumer): Promise<"moved" | "idle"> {
    // A look costs no commit; most events are of other types.
    const seen = (await eventsStore(database.db).findCursor(consumer.name)) ?? 0;
    if ((await eventsStore(database.db).findNext(seen, consumer.types)) === undefined) return "idle";
    return database.db.transaction().execute(async (tx) => {
      const store = eventsStore(tx);
      const position = await store.lockCursor(consumer.name, 0);
      if (position === undefined) return "idle";
      const next = await store.findNext(position, consumer.types);
      if (next === undefined) return "idle";
      await consumer.handle(tx, next.event, callFor(consumer, next.event));
      await store.moveCursor(consumer.name, next.position);
      return "moved";
    });
  }

  function callFor(consumer: Consumer, event: Event): Call {
    const scope = { project: event.project, environment: event.environment ?? "dev" };
    return systemCall(scope, consumer.name, stopping.signal);
  }

  /** Ends every stream and consumer. */
  async function close(): Promise<void> {
    stopping.abort();
    await feed.close();
  }

  return { record, list, stream, tail, consume, close };
}

function isInScope(event: Event, scope: Scope): boolean {
  return (
    event.project === scope.project && (event.environment === null || event.environment === scope.environment)
  );
}
