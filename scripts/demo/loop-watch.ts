import type { NodeClient } from "@causeway/sdk";

const LOOK_EVERY_MS = 400;

/** States in which a cycle works or waits for a person. */
const AT_WORK: readonly string[] = ["running", "waiting-for-approval"];

/**
 * Looks now and then at how far monitor and policy are, so that the simulated weeks do not run away from them: a second of
 * wall time is more than a day of theirs.
 */
export function watchLoop(client: NodeClient, { monitor, policy }: { monitor: string; policy: string }) {
  const seen = { windows: 0, isAtWork: false };
  let asked: Promise<void> = Promise.resolve();
  async function look(): Promise<void> {
    const [watching, retraining] = await Promise.all([
      client.monitoring.getMonitor({ monitor }),
      client.retraining.getPolicy({ policy }),
    ]);
    seen.windows = watching.windows;
    seen.isAtWork = retraining.newest !== null && AT_WORK.includes(retraining.newest.state);
  }
  const timer = setInterval(() => {
    asked = asked.then(look);
    asked.catch(() => undefined);
  }, LOOK_EVERY_MS);
  return {
    seen,
    /** Rejects when the platform could not be asked. */
    check: () => asked,
    stop: () => clearInterval(timer),
  };
}
