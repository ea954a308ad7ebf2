import { setTimeout as sleep } from "node:timers/promises";
import { isServerAbsent } from "./connection-failure.ts";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

/** How long to go on trying. */
export interface Patience {
  withinMs: number;
  /** Ends the wait early, because the answer is no longer wanted. */
  isOver: () => boolean;
}

/**
 * Connects, and tries again while the server is starting or restarting, so that a restart of the database delays a
 * caller and does not fail it. Any other failure is reported at once.
 */
export async function waitForServer<Connection>(
  connect: () => Promise<Connection>,
  { withinMs, isOver }: Patience,
): Promise<Connection> {
  const deadline = performance.now() + withinMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await connect();
    } catch (error) {
      if (!isServerAbsent(error) || isOver() || performance.now() + pause > deadline) throw error;
      await sleep(pause);
    }
  }
}
