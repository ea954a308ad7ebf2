import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { processesOf, ROOT, type Running, removeFolder, startCauseway } from "../src/causeway.ts";
import { databaseProcess } from "../src/database-process.ts";
import { seededRandom } from "../src/seeded-random.ts";

/** What is killed, and how its process is found at that moment; undefined when there is none just now. */
const VICTIMS: Record<string, (running: Running) => Promise<number | undefined>> = {
  control: async (running) => (await running.processes())["control"],
  worker: async (running) => (await running.processes())["worker"],
  step: async (running) => pidOfStep(running),
  gateway: async (running) => (await running.processes())["g1"],
  database: async (running) => databaseProcess(running.dataDir),
};
const MOMENTS = 5;
const PREDICTIONS = 20;
const CUSTOMERS = join(ROOT, "examples", "churn", "customers.csv");
const PIPELINE = join(ROOT, "examples", "churn", "churn.pipeline.ts");

/** A step process at work: it stands in its attempt's folder, as those that only wait for the next step do not. */
function pidOfStep(running: Running): number | undefined {
  const pids = processesOf(running.dataDir)
    .filter((line) => /(main\.ts|server\.mjs) step /.test(line))
    .map((line) => Number(line.split(" ")[0]));
  return pids.find((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).includes("/scratch/");
    } catch {
      return false;
    }
  });
}

/** Part of the line's time, from its start, in which the victim is there to be killed. */
const REACH: Record<string, number> = { step: 0.35 };

/** The line of the tutorial with data of its own; gives the ids of the predictions that were answered. */
async function straightLine(running: Running, number: number): Promise<string[]> {
  const dataset = `customers-${number}`;
  await succeeds(running, "data", "import", dataset, CUSTOMERS, "--key", "customerID");
  await succeeds(running, "pipelines", "run", PIPELINE, "--customers", `${dataset}@latest`, "--fresh");
  await succeeds(running, "registry", "assign", "churn@champion", String(number));
  const verb = number === 1 ? "create" : "switch";
  await succeeds(running, "deployments", verb, "churn", "--serve", "churn@champion");
  const deployment = await running.client.deployments.getDeployment({ deployment: "churn" });
  expect(deployment.serving?.version).toBe(number);
  const ids: string[] = [];
  while (ids.length < PREDICTIONS) {
    try {
      const answer = await running.client.deployments.predict("churn", deployment.example ?? {});
      if (answer.id === null) throw new Error("the prediction was not logged");
      ids.push(answer.id);
    } catch (error) {
      // An answer that never came was not acknowledged; its caller asks again.
      if (!(error instanceof TypeError) && (error as { code?: string }).code !== "UNAVAILABLE") throw error;
      await pause(50);
    }
  }
  return ids;
}

async function succeeds(running: Running, ...args: string[]): Promise<void> {
  const finished = await running.cli(...args);
  if (finished.code !== 0) {
    throw new Error(
      `causeway ${args.join(" ")} ended with ${finished.code}\n${finished.stdout}\n${finished.stderr}\n${running.said()}`,
    );
  }
}

/** Waits for the moment, then for the victim to exist, and kills it. */
async function killAt(running: Running, victim: string, delayMs: number): Promise<boolean> {
  await pause(delayMs);
  for (let tries = 0; tries < 200; tries += 1) {
    const pid = await VICTIMS[victim]?.(running).catch(() => undefined);
    if (pid !== undefined && pid !== 0) {
      process.kill(pid, "SIGKILL");
      return true;
    }
    await pause(10);
  }
  return false;
}

for (const [index, victim] of Object.keys(VICTIMS).entries()) {
  it(`${victim === "gateway" ? "O4/kill" : `P6/${victim}`} kill -9 at ${MOMENTS} moments loses nothing, commits once, leaves no process`, {
    timeout: 600_000,
  }, async () => {
    const random = seededRandom(20261121 + index);
    const running = await startCauseway();
    const answered: string[] = [];
    try {
      const startedAt = performance.now();
      answered.push(...(await straightLine(running, 1)));
      const typicalMs = performance.now() - startedAt;
      let kills = 0;
      for (let moment = 0; moment < MOMENTS; moment += 1) {
        const kill = killAt(running, victim, random() * typicalMs * (REACH[victim] ?? 0.9));
        answered.push(...(await straightLine(running, 2 + moment)));
        if (await kill) kills += 1;
      }
      expect(kills).toBe(MOMENTS);

      // Every line made one version of the model and one of its own dataset: nothing twice, nothing missing.
      const versions = await running.client.registry.listVersions({ model: "churn" });
      expect(versions.items.map((one) => one.version)).toEqual([6, 5, 4, 3, 2, 1]);
      const runs = await running.client.pipelines.listRuns({ pipeline: "churn" });
      expect(runs.items.map((run) => run.state)).toEqual(
        Array.from({ length: MOMENTS + 1 }, () => "succeeded"),
      );
      for (let number = 1; number <= MOMENTS + 1; number += 1) {
        const made = await running.client.data.listVersions({ dataset: `customers-${number}` });
        expect(made.items).toHaveLength(1);
      }
      for (const id of answered) {
        const found = await running.client.deployments.getPrediction({ prediction: id });
        expect(found.rows).toHaveLength(1);
      }
      expect(new Set(answered).size).toBe(answered.length);
    } finally {
      const code = await running.stop();
      expect(code).toBe(0);
      expect(processesOf(running.dataDir)).toEqual([]);
      await removeFolder(running.dataDir);
    }
  });
}
