import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Running, removeFolder, startCauseway } from "../src/causeway.ts";
import { openShop } from "../src/small-world.ts";

it("T3/train T3/approval T3/rollout T3/confirm T3/timeline T1/performance sees the world change, retrains, judges, switches and confirms by itself", {
  timeout: 180_000,
}, async () => {
  const running = await startCauseway();
  const { client } = running;
  try {
    const shop = await openShop(running, { changeDay: 2 });
    await shop.open();
    const policy = await shop.follow();
    expect(policy).toMatchObject({ monitor: "visits", held: null, newest: null, cycles: 0 });

    // Truth comes a day late. While the world stays as it was, nothing happens.
    await shop.live(0);
    await shop.live(1);
    await shop.tell(0);
    await shop.live(2);
    await shop.tell(1);
    await shop.judged(1);
    expect((await client.retraining.listCycles({})).items).toEqual([]);

    // The first day of the changed world gets its truth.
    await shop.live(3);
    await shop.tell(2);
    const switched = await shop.cycle(1, ["watching"]);
    expect(switched).toMatchObject({ champion: 1, challenger: 2, trigger: { kind: "performance" } });
    expect(switched.trigger.alert).not.toBeNull();
    expect(switched.runs.map(({ purpose }) => purpose)).toEqual(["challenger", "refit"]);
    const { candidate } = switched;
    const [alias] = (await client.registry.getModel({ model: "visits" })).aliases;
    expect(alias).toMatchObject({ alias: "champion", version: candidate, assignedBy: { kind: "policy" } });
    if (candidate === 3)
      expect((await client.registry.getVersion({ model: "visits", version: 3 })).refitOf).toBe(2);

    // Neither version has learned from the rows that judged them.
    const gate = await client.registry.getGate({ gate: switched.gate ?? "" });
    expect(gate).toMatchObject({ dataset: "visits.judge", passed: true, champion: 1, version: 2 });
    for (const version of [1, 2]) {
      const { record } = await client.registry.getVersion({ model: "visits", version });
      expect(record.data.map(({ digest }) => digest)).not.toContain(gate.datasetVersion);
    }

    // The new version serves; its first window with truth confirms it.
    await shop.live(4);
    await shop.live(5);
    await shop.tell(4);
    const confirmed = await shop.cycle(1, ["confirmed"]);
    expect(confirmed.steps.map(({ name, state }) => [name, state])).toEqual([
      ["noticed", "done"],
      ["prepared", "done"],
      ["trained", "done"],
      ["gated", "done"],
      ["refitted", candidate === 2 ? "skipped" : "done"],
      ["approved", "done"],
      ["switched", "done"],
      ["confirmed", "done"],
    ]);
    const { items: windows } = await client.monitoring.listWindows({ monitor: "visits" });
    const accuracy = (title: string) =>
      windows
        .find((window) => window.title === title)
        ?.performance?.find(({ metric }) => metric === "accuracy")?.now.value;
    expect(accuracy("4 Mar 2026")).toBeLessThan(0.4);
    expect(accuracy("6 Mar 2026")).toBeGreaterThan(0.75);

    // One cycle, one training by the budget's count, and a story from the first window to the confirmation.
    const after = await client.retraining.getPolicy({ policy: "visits" });
    expect(after).toMatchObject({ cycles: 1, trainings: { used: 1, of: 20, per: "month" } });
    const { items: story } = await client.retraining.getTimeline({ policy: "visits" });
    const kinds = new Set(story.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["alert", "approval", "cycle", "switch", "trigger", "window"]);
    for (const { subject } of story.flatMap(({ links }) => links)) await leads(running, subject);
    expect(story[0]?.text).toContain("cycle 1 is confirmed");
  } finally {
    await running.stop();
    await removeFolder(running.dataDir);
  }
});

/** Every link of the story leads to something. */
async function leads({ url, dataDir }: Running, subject: string): Promise<void> {
  const token = (await readFile(join(dataDir, "admin-token"), "utf8")).trim();
  const { status } = await fetch(new URL(subject, url), { headers: { authorization: `Bearer ${token}` } });
  expect(`${status} ${subject}`).toBe(`200 ${subject}`);
}
