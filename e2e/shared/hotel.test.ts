import { describe, expect, it } from "vitest";
import { removeFolder, startCauseway } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";
import { mean } from "./area-under-curve.ts";
import { liveUnderPolicy } from "./hotel-replay.ts";

const MONTHS = 4;

describe.runIf(requires("shared"))("on the first four months of real bookings", () => {
  it("T3/hotel a policy with its default settings is better than a frozen model and assigns no worse one", {
    timeout: 900_000,
  }, async () => {
    const running = await startCauseway();
    try {
      const lived = await liveUnderPolicy(running, MONTHS, (line) => process.stdout.write(`${line}\n`));
      process.stdout.write(`  replayed in ${lived.replaySeconds.toFixed(1)} s, trainings apart\n`);
      expect(lived.trainings).toBeGreaterThan(0);
      expect(lived.trainings).toBeLessThanOrEqual(3);
      expect(lived.worseAssigned).toBe(0);
      expect(mean(lived.policy)).toBeGreaterThan(mean(lived.frozen));
    } finally {
      await running.stop();
      await removeFolder(running.dataDir);
    }
  });
});
