import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { processesOf, ROOT, removeFolder, startCauseway } from "../src/causeway.ts";
import { requires, SHARED_DATA } from "../src/requirement.ts";
import { commandsOf, follow, printed } from "../src/tutorial.ts";

const TELCO = join(SHARED_DATA, "telco_churn", "Telco-Customer-Churn.csv");
/** Area under the curve of a logistic regression over five folds, as the data's description states it. */
const KNOWN_AUC = 0.845;

describe.runIf(requires("shared"))("on the real table of 7,043 customers", () => {
  it("X9/tutorial the README's commands find its blanks and judge a model as others do", {
    timeout: 240_000,
  }, async () => {
    const running = await startCauseway();
    try {
      const commands = commandsOf("README.md", "Tutorial");
      const told = await follow(running, commands, { "examples/churn/customers.csv": TELCO });
      expect(printed(told, "data import")).toMatch(/7,043 rows, 21 columns/);
      expect(printed(told, "data import")).toMatch(/TotalCharges: 11 blanks, all where tenure = 0/);
      const found = /auc (0\.\d+) \((0\.\d+) to (0\.\d+)\)/.exec(printed(told, "churn.pipeline.ts"));
      const [auc = 0, low = 1, high = 0] = (found?.slice(1) ?? []).map(Number);
      expect(auc).toBeGreaterThanOrEqual(0.82);
      expect(low).toBeLessThanOrEqual(KNOWN_AUC);
      expect(high).toBeGreaterThanOrEqual(KNOWN_AUC);
      expect(JSON.parse(printed(told, "curl"))).toMatchObject({ model: "churn", version: 1 });
    } finally {
      expect(await running.stop()).toBe(0);
      expect(processesOf(running.dataDir)).toEqual([]);
      await removeFolder(running.dataDir);
    }
  });

  it("R2/ydf reaches the known AUC within 0.01 over five folds", { timeout: 300_000 }, async () => {
    const running = await startCauseway();
    try {
      await running.client.data.importFile("customers", TELCO, { key: "customerID" });
      const pipeline = join(ROOT, "e2e", "shared", "folds.pipeline.ts");
      const aucs: number[] = [];
      for (let fold = 0; fold < 5; fold += 1) {
        const ran = await running.cli("--json", "pipelines", "run", pipeline, "--fold", String(fold));
        if (ran.code !== 0) throw new Error(ran.stderr);
        const run = JSON.parse(ran.stdout);
        const summary: string = run.steps.find((step: { name: string }) => step.name === "evaluate").summary;
        aucs.push(Number(/auc (0\.\d+)/.exec(summary)?.[1]));
      }
      const mean = aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
      process.stdout.write(`AUC of five folds: ${aucs.join(" ")}, mean ${mean.toFixed(4)}\n`);
      expect(Math.abs(mean - KNOWN_AUC)).toBeLessThan(0.01);
    } finally {
      await running.stop();
      await removeFolder(running.dataDir);
    }
  });
});
