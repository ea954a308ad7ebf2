import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, removeFolder, startCauseway } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";
import { openShop } from "../src/small-world.ts";
import { STEP_VARIABLES } from "./step-variables.ts";

it.runIf(requires("mlflow"))(
  "T3/mlflow retrains, judges, refits and switches a model that a step registers with plain MLflow",
  { timeout: 300_000 },
  async () => {
    const running = await startCauseway({
      variables: STEP_VARIABLES,
    });
    const { client } = running;
    try {
      const pipeline = join(ROOT, "e2e", "mlflow", "visits-mlflow.pipeline.ts");
      const shop = await openShop(running, { pipeline });
      await shop.open();
      const first = await client.registry.getVersion({ model: "visits", version: 1 });
      expect(first).toMatchObject({
        format: "mlflow",
        pipelineRun: { pipeline: "visits", number: 1 },
        signature: { target: null },
      });

      for (const day of [0, 1, 2]) await shop.live(day);
      for (const day of [0, 1]) await shop.tell(day);
      await shop.judged(1);
      await expect(shop.follow()).rejects.toMatchObject({ field: "settings.target" });
      const rule = ["--target", "buys", "--gate", "not-worse:accuracy:0.1", "--confirm", "0"];
      await shop.succeeds("retraining", "create", "visits", "--pipeline", "visits", ...rule);
      const said = await shop.succeeds("retraining", "run", "visits", "--reason", "a model of MLflow");
      expect(said).toContain("confirmed");

      const cycle = await client.retraining.getCycle({ policy: "visits", number: 1 });
      expect(cycle).toMatchObject({ state: "confirmed", champion: 1, challenger: 2, candidate: 3 });
      expect(cycle.runs.map(({ purpose }) => purpose)).toEqual(["challenger", "refit"]);
      const gate = await client.registry.getGate({ gate: cycle.gate ?? "" });
      expect(gate).toMatchObject({ passed: true, target: "buys", champion: 1, version: 2 });
      const last = await client.registry.getVersion({ model: "visits", version: 3 });
      expect(last).toMatchObject({
        format: "mlflow",
        refitOf: 2,
        pipelineRun: { number: 3 },
        preparation: { state: "ready" },
        aliases: [{ alias: "champion" }],
      });
      const { serving } = await client.deployments.getDeployment({ deployment: "visits" });
      expect(serving).toMatchObject({ model: "visits", version: 3 });
    } finally {
      await running.stop();
      await removeFolder(running.dataDir);
    }
  },
);
