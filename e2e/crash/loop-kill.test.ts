import type { CycleStepName } from "@causeway/contract";
import { expect, it } from "vitest";
import { processesOf, type Running, removeFolder, startCauseway } from "../src/causeway.ts";
import { openShop, until } from "../src/small-world.ts";

/** The arrows of the loop: the station at which everything that works on the cycle is killed. */
const ARROWS: Record<string, CycleStepName> = {
  "after the trigger": "prepared",
  "in training": "trained",
  "after the gate": "refitted",
  "in approval": "approved",
  "during the switch": "switched",
};

/** Kills control and worker at once, as a machine that loses its memory does. */
async function killBoth(running: Running): Promise<void> {
  const { control = 0, worker = 0 } = await running.processes();
  expect(control * worker).toBeGreaterThan(0);
  for (const pid of [worker, control]) process.kill(pid, "SIGKILL");
}

it("T3/rollout P6/worker kill -9 at every arrow of the loop: it goes on, and nothing happens twice", {
  timeout: 900_000,
}, async () => {
  const running = await startCauseway();
  const { client } = running;
  try {
    const shop = await openShop(running, { changeDay: 0 });
    await shop.open();
    await shop.follow({
      when: [],
      cooldown: "0 s",
      gate: [{ rule: "at-least", metric: "auc", value: 0.5 }],
      approve: { by: "person" },
      confirm: { windows: 0 },
    });
    await shop.live(0);
    const killed: string[] = [];
    for (const [index, [arrow, station]] of Object.entries(ARROWS).entries()) {
      const number = index + 1;
      await shop.live(number);
      await shop.tell(number - 1);
      await shop.judged(number - 1);
      await client.retraining.startCycle({ policy: "visits", reason: arrow });
      const at = async (name: CycleStepName) => {
        const cycle = await client.retraining.getCycle({ policy: "visits", number }).catch(() => undefined);
        const step = cycle?.steps.find((one) => one.name === name);
        return step?.startedAt ? cycle : undefined;
      };
      // The switch follows the approval at once: it is killed when that was given.
      if (station !== "switched") {
        await until(`cycle ${number} is at ${station}`, () => at(station), 180_000);
        await killBoth(running);
        killed.push(arrow);
      }
      await until(
        `cycle ${number} asks`,
        async () => {
          const cycle = await at("approved");
          return cycle?.state === "waiting-for-approval" && cycle.approval !== null ? true : undefined;
        },
        180_000,
      );
      const { approval } = await client.retraining.getCycle({ policy: "visits", number });
      const { digest } = await client.registry.getApproval({ approval: approval ?? "" });
      await client.registry.decideApproval({
        approval: approval ?? "",
        decision: "approve",
        digest,
        reason: arrow,
      });
      if (station === "switched") {
        await killBoth(running);
        killed.push(arrow);
      }
      const ended = await until(
        `cycle ${number} has ended`,
        async () => {
          const cycle = await client.retraining.getCycle({ policy: "visits", number }).catch(() => undefined);
          return cycle?.endedAt ? cycle : undefined;
        },
        180_000,
      );
      expect([ended.state, ended.problem]).toEqual(["confirmed", null]);
      expect(ended.runs.map(({ purpose }) => purpose)).toEqual(["challenger", "refit"]);
    }
    expect(killed).toEqual(Object.keys(ARROWS));

    // Two runs, two versions, two gates at most, one approval and one move of the alias per cycle, and no more.
    const cycles = Object.keys(ARROWS).length;
    const runs = await client.pipelines.listRuns({ pipeline: "visits" });
    expect(runs.items.map(({ state }) => state)).toEqual(Array(1 + 2 * cycles).fill("succeeded"));
    const versions = await client.registry.listVersions({ model: "visits" });
    expect(versions.items).toHaveLength(1 + 2 * cycles);
    for (const { version } of versions.items) {
      const gates = await client.registry.listGates({ model: "visits", version });
      expect(gates.items.length).toBe(version === 1 ? 0 : 1);
    }
    const approvals = await client.registry.listApprovals({ model: "visits" });
    expect(approvals.items.map(({ state }) => state)).toEqual(Array(cycles).fill("approved"));
    const moves = await client.registry.listAliasChanges({ model: "visits", alias: "champion" });
    expect(moves.items).toHaveLength(1 + cycles);
    const { items: story } = await client.retraining.getTimeline({ policy: "visits", limit: 1000 });
    for (let number = 1; number <= cycles; number += 1) {
      const switches = story.filter((one) => one.cycle === number && one.kind === "switch");
      expect(switches).toHaveLength(1);
    }
  } finally {
    await running.stop();
    expect(processesOf(running.dataDir)).toEqual([]);
    await removeFolder(running.dataDir);
  }
});
