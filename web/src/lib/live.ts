import type { Event } from "@causeway/contract";
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { addressOf } from "./client.ts";
import { currentScope } from "./scope.ts";

/** What else a stage's event changes on the pages, beside the stage's own. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  registry: ["deployments", "retraining"],
  pipelines: ["experiments", "data", "registry", "retraining"],
  deployments: ["monitoring"],
  monitoring: ["retraining"],
};

/** Answers are asked for again this long after an event, and in a storm of events at most once in so long. */
const SOON_MS = 150;
const CALM_MS = 1_500;

/** Longest wait between two tries to connect, and how long the pages may be cut off before they say so. */
const LONGEST_WAIT_MS = 8_000;
export const STALE_AFTER_MS = 10_000;

/** How the pages hear of changes: connected, or cut off since a time with the next try at another. */
export type Connection = { lostAt: number | null; retryAt: number | null };

let connection: Connection = { lostAt: null, retryAt: null };
let reconnect: () => void = () => undefined;
const listeners = new Set<() => void>();

const hearers = new Set<(event: Event) => void>();

/** Calls back with each event as it comes; returns how to stop. */
export function onEvent(hear: (event: Event) => void): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}

/** The stages whose answers an event makes old. */
export function touchedBy(type: string): string[] {
  const stage = type.split(".")[0] ?? "";
  return ["platform", stage, ...(ALSO[stage] ?? [])];
}

/** Follows the event stream and asks again for what each event changed; returns how to stop. */
export function followEvents(cache: QueryClient): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending = new Set<string>();
  let tries = 0;
  let flushedAt = 0;

  const flush = () => {
    flushedAt = Date.now();
    const stages = pending;
    pending = new Set();
    for (const stage of stages) void cache.invalidateQueries({ queryKey: [stage] });
  };
  const open = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(addressOf(["platform", "streamEvents"], {}, currentScope()));
    source.onopen = () => {
      tries = 0;
      if (connection.lostAt !== null) void cache.invalidateQueries();
      tell({ lostAt: null, retryAt: null });
    };
    source.onmessage = (message: MessageEvent<string>) => {
      // The stream carries contract events.
      const event = JSON.parse(message.data) as Event;
      const { type } = event;
      for (const hear of hearers) hear(event);
      if (pending.size === 0) setTimeout(flush, Math.max(SOON_MS, flushedAt + CALM_MS - Date.now()));
      for (const stage of touchedBy(type)) pending.add(stage);
    };
    source.onerror = () => {
      source?.close();
      tries += 1;
      const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** tries);
      tell({ lostAt: connection.lostAt ?? Date.now(), retryAt: Date.now() + wait });
      timer = setTimeout(open, wait);
    };
  };
  reconnect = open;
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** Tries to connect at once. */
export function connectNow(): void {
  reconnect();
}

/** The connection, followed. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );
}

function tell(next: Connection): void {
  connection = next;
  for (const listener of listeners) listener();
}
