import { describe, expect, it } from "vitest";
import { removeFolder, startCauseway } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";
import type { RealStream } from "./real-stream.ts";
import { createReplay } from "./replay.ts";
import { resampledTelco, shuffledElec2 } from "./stable-streams.ts";

const WEEKS = 16;
/** At one false alarm in a hundred windows, three or more in sixteen would be one chance in two thousand. */
const MOST_ALARMS = 2;
const NAME = "still";

async function liveThrough(stream: RealStream) {
  const running = await startCauseway();
  try {
    const { client } = running;
    const replay = createReplay(running, stream);
    await replay.keep("replayed", stream.past);
    await replay.train(NAME, "replayed");
    await client.registry.assignAlias({ model: NAME, alias: "champion", version: 1 });
    await replay.serve(NAME, `${NAME}@champion`);
    await client.monitoring.createMonitor({ name: NAME, deployment: NAME, settings: { window: "1 week" } });
    const settings = { retrain: "replayed", params: { model: NAME } };
    await client.retraining.createPolicy({ name: NAME, deployment: NAME, monitor: NAME, settings });
    for (const { rows, end } of stream.windows) await replay.tell(NAME, await replay.ask(NAME, rows), end);
    const last = stream.windows.at(-1);
    // One more question moves the watermark past the end of the last week.
    const [first] = last?.rows ?? [];
    if (last === undefined || first === undefined) throw new Error("the stream is empty");
    await replay.ask(NAME, [{ ...first, record: { ...first.record, row: "end" }, at: last.end }]);
    await replay.window(NAME, last.start, true);
    await replay.settled(NAME, last.start);
    const { items: windows } = await client.monitoring.listWindows({ monitor: NAME, limit: 100 });
    const { cycles } = await client.retraining.getPolicy({ policy: NAME });
    return { windows, cycles };
  } finally {
    await running.stop();
    await removeFolder(running.dataDir);
  }
}

describe.runIf(requires("shared"))("on real tables in which nothing changes", () => {
  for (const [title, stream] of [
    ["customers drawn again and again", () => resampledTelco(WEEKS)],
    ["electricity prices in a shuffled order", () => shuffledElec2(WEEKS)],
  ] as const)
    it(`T3/stable retrains nothing and hardly alarms on ${title}`, { timeout: 400_000 }, async () => {
      const { windows, cycles } = await liveThrough(stream());
      const alarming = windows.filter(({ alarms }) => alarms.length > 0);
      process.stdout.write(
        `${windows.length} windows, ${alarming.length} alarm: ${alarming.flatMap(({ alarms }) => alarms).join(", ")}\n`,
      );
      expect(cycles).toBe(0);
      expect(windows).toHaveLength(WEEKS);
      expect(alarming.length).toBeLessThanOrEqual(MOST_ALARMS);
    });
});
