import { CausewayError } from "@causeway/contract";
import { pause } from "./request.ts";

/** How long to wait before a broken stream is opened again, and how often in a row without one value. */
const RECONNECT_MS = 300;
const RECONNECTS = 100;

/**
 * Reads a stream until `ended` says that its last value has come, opening it again when it breaks: control may be restarted
 * in the middle of a long piece of work. `open` is called anew each time, so that it can go on from where it was.
 */
export async function* follow<Value>(
  open: () => AsyncIterable<Value>,
  ended: (value: Value) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<Value, void> {
  for (let broken = 0; ; broken += 1) {
    let failure: unknown;
    try {
      for await (const value of open()) {
        broken = 0;
        yield value;
        if (ended(value)) return;
      }
    } catch (error) {
      if (signal?.aborted || !isTransport(error)) throw error;
      failure = error;
    }
    if (broken === RECONNECTS) throw failure ?? new Error("the stream ended before its last value");
    await pause(RECONNECT_MS, signal);
  }
}

/** Whether the connection failed, as against an answer that says no. */
function isTransport(error: unknown): boolean {
  return !(error instanceof CausewayError) || error.code === "UNAVAILABLE";
}
