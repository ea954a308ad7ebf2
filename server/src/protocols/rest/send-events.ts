import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A quiet stream says that it lives this often, so that proxies and readers do not give it up. */
const HEARTBEAT_MS = 5_000;

/** A stream that fails at once is answered with the error; one that is only quiet, and does not tell itself, has begun. */
const BEGUN_AFTER_MS = 100;

/** Values over time. `begun` resolves once nothing that happens from then on is missed, and no reader is answered before. */
export type ValueStream = AsyncIterable<unknown> & { readonly begun?: Promise<void> };

/** Values to send, each with the id that a reader who comes back goes on from. */
export type EventSource = {
  readonly values: ValueStream;
  readonly eventId: (value: unknown) => string | undefined;
  readonly signal: AbortSignal;
};

/**
 * Sends values as server-sent events until they end or the reader leaves. A failure before the first value is thrown;
 * a later one breaks the connection, so that the reader comes back and is told.
 */
export async function sendEvents(source: EventSource, respond: () => ServerResponse): Promise<void> {
  const iterator = source.values[Symbol.asyncIterator]();
  let next = iterator.next();
  const gone = new Promise<"gone">((resolve) => {
    const leave = () => resolve("gone");
    if (source.signal.aborted) leave();
    source.signal.addEventListener("abort", leave, { once: true });
  });
  await Promise.race([next, source.values.begun ?? sleep(BEGUN_AFTER_MS), gone]);
  const response = respond();
  const heartbeat = setInterval(() => response.write(":\n\n"), HEARTBEAT_MS);
  try {
    response.write("retry: 1000\n\n");
    for (;;) {
      const result = await Promise.race([next, gone]);
      if (result === "gone" || result.done === true) break;
      const isTaken = response.write(encode(result.value, source.eventId(result.value)));
      if (!isTaken) await Promise.race([once(response, "drain").catch(() => undefined), gone]);
      next = iterator.next();
    }
    response.end();
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    clearInterval(heartbeat);
    // A generator that waits for something else than its signal would keep us here for ever.
    next.catch(() => undefined);
    void iterator.return?.()?.catch(() => undefined);
  }
}

function encode(value: unknown, id: string | undefined): string {
  // JSON has no line breaks of its own, so that one value is one `data:` line.
  return `${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(value)}\n\n`;
}
