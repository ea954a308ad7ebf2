import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Cycle, PolicySettings } from "@causeway/contract";
import { expect, it } from "vitest";
import { removeFolder, startCauseway } from "../src/causeway.ts";
import { openShop, until } from "../src/small-world.ts";

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on an address
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it("T3/approval T3/train T2/storm M9/slack a broken pipeline, a gate that refuses three times, an approval that expires, with Slack down: the old version serves, people are told once, and the story has it", {
  timeout: 600_000,
}, async () => {
  const running = await startCauseway({ args: ["--allow-private-channels"] });
  const { client } = running;
  try {
    const shop = await openShop(running, { changeDay: 1 });
    await shop.open();
    const url = `http://127.0.0.1:${await closedPort()}/services/T0/B0/secret`;
    await client.platform.createChannel({ name: "ops", kind: "slack", url });
    await shop.live(0);
    await shop.live(1);
    await shop.tell(0);
    await shop.live(2);
    await shop.tell(1);
    await shop.judged(1);
    const settings = { retrain: "visits", when: [], notify: ["ops"], cooldown: "0 s" };
    const plenty = { budget: { trainings: 20, per: "month" as const } };
    await shop.follow({ ...settings, ...plenty, params: { broken: true } });
    const { updatePolicy, startCycle, getTimeline, getPolicy } = client.retraining;

    /** Runs a cycle to its end, and sees what every such end has in common. */
    async function endsAs(number: number, state: Cycle["state"]): Promise<Cycle> {
      await startCycle({ policy: "visits", reason: `try ${number}` });
      const cycle = await shop.cycle(number, [state]);
      const { serving } = await client.deployments.getDeployment({ deployment: "visits" });
      expect(serving?.version).toBe(1);
      const subject = `/api/retraining/policies/visits/cycles/${number}`;
      const messages = await client.platform.listNotifications({ subject });
      expect(messages.items.map(({ channel }) => channel)).toEqual(["ops"]);
      const story = await getTimeline({ policy: "visits", cycle: number });
      expect(story.items.filter(({ text }) => text.includes(cycle.problem ?? "?")).length).toBeGreaterThan(0);
      expect(story.items.filter(({ kind }) => kind === "notification")).toHaveLength(1);
      return cycle;
    }

    const failed = await endsAs(1, "failed");
    expect(failed.problem).toContain("the warehouse is closed");

    const asked = { ...settings, ...plenty, approve: { by: "person" as const, expiresAfter: "2 s" } };
    await updatePolicy({ policy: "visits", settings: PolicySettings.parse(asked) });
    const expired = await waitsForNobody(2);
    expect(expired.problem).toContain("Nobody decided on version");

    /** Asking people is a message too. */
    async function waitsForNobody(number: number): Promise<Cycle> {
      await startCycle({ policy: "visits", reason: "nobody looks" });
      const cycle = await until("the approval has expired", async () => {
        const found = await client.retraining.getCycle({ policy: "visits", number });
        return found.state === "expired" ? found : undefined;
      });
      const [alias] = (await client.registry.getModel({ model: "visits" })).aliases;
      expect(alias?.version).toBe(1);
      const { items } = await client.registry.listApprovals({ model: "visits" });
      expect(items.map(({ state }) => state)).toEqual(["expired"]);
      return cycle;
    }

    const impossible = { gate: [{ rule: "at-least" as const, metric: "auc", value: 0.9999 }] };
    await updatePolicy({
      policy: "visits",
      settings: PolicySettings.parse({ ...settings, ...plenty, ...impossible }),
    });
    for (const number of [3, 4, 5]) await endsAs(number, "refused");
    // A trigger that fires now is held back: there is no new evidence.
    const performance = [{ on: "performance" as const, drop: 0.02 }];
    await updatePolicy({
      policy: "visits",
      settings: PolicySettings.parse({ ...settings, ...plenty, ...impossible, when: performance }),
    });
    await shop.live(3);
    await shop.tell(2);
    await shop.judged(2);
    await until("the trigger is held back", async () => {
      const { items } = await getTimeline({ policy: "visits" });
      return items.some(({ text }) => text.includes("the gate refused 3 times in a row")) ? true : undefined;
    });
    expect((await getPolicy({ policy: "visits" })).cycles).toBe(5);

    // Nothing of all this reached Slack; everything is kept to be tried again.
    const { items: messages } = await client.platform.listNotifications({ channel: "ops" });
    expect(messages.every(({ state }) => state !== "sent")).toBe(true);
    expect(JSON.stringify(messages)).not.toContain("secret");
  } finally {
    await running.stop();
    await removeFolder(running.dataDir);
  }
});
