import { setTimeout as pause } from "node:timers/promises";
import { CausewayError } from "@causeway/contract";
import type { LiveDeployment } from "../desired/switcher.ts";
import type { Asked, Gatekeeper } from "./access.ts";

/** As a gatekeeper, but it may take a moment to refuse. */
export type PatientGatekeeper = (asked: Asked) => LiveDeployment | null | Promise<LiveDeployment | null>;

/**
 * Gives a key that is not known yet a moment to arrive: whoever makes a key at control and uses it at once may be faster than
 * the news of it. A known key waits for nothing; an unknown one is refused after `patienceMs`, and at once where `mostWaiting`
 * requests wait already.
 */
export function awaitLateKeys(
  admit: Gatekeeper,
  options: {
    /** Settles when control has said something new. */
    readonly changed: () => Promise<void>;
    readonly patienceMs?: number;
    readonly mostWaiting?: number;
  },
): PatientGatekeeper {
  const { changed, patienceMs = 500, mostWaiting = 1000 } = options;
  let waiting = 0;

  async function admitLater(asked: Asked, refusal: unknown): Promise<LiveDeployment | null> {
    waiting += 1;
    const end = new AbortController();
    const over = pause(patienceMs, "over", { signal: end.signal }).catch(() => "over");
    try {
      for (let last = refusal; ; ) {
        const news = await Promise.race([changed(), over]);
        if (news === "over") throw last;
        try {
          return admit(asked);
        } catch (error) {
          last = error;
        }
      }
    } finally {
      end.abort();
      waiting -= 1;
    }
  }

  return (asked) => {
    try {
      return admit(asked);
    } catch (error) {
      const unknown = error instanceof CausewayError && error.code === "UNAUTHENTICATED";
      if (!unknown || asked.headers.authorization === undefined || waiting >= mostWaiting) throw error;
      return admitLater(asked, error);
    }
  };
}
