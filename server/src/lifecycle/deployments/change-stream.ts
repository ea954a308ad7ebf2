import type { Database } from "../../platform/database/index.ts";

/** Payload: empty. Something that gateways are told of changed. */
export const DESIRED_CHANGED = "causeway_desired";

/** Payload: `<project>/<environment>/<name>` of the deployment that changed. */
export const DEPLOYMENT_CHANGED = "causeway_deployments";

/** What to listen for, and until when. */
export interface ChangeRequest {
  readonly channel: string;
  readonly matches: (payload: string) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Yields at once and after each change, until the signal aborts. Changes that come while the reader is busy are one; those
 * that a lost connection may have swallowed are made up for by one more.
 */
export async function* changes(
  database: Pick<Database, "listen">,
  { channel, matches, signal }: ChangeRequest,
): AsyncIterable<void> {
  let changed = true;
  let wake = () => {};
  const onChange = () => {
    changed = true;
    wake();
  };
  const unlisten = await database.listen(channel, (payload) => matches(payload) && onChange(), {
    onReconnect: onChange,
  });
  signal.addEventListener("abort", onChange);
  try {
    while (!signal.aborted) {
      if (changed) {
        changed = false;
        yield;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener("abort", onChange);
    await unlisten();
  }
}
