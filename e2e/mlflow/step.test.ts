import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, removeFolder, startCauseway } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";

it.runIf(requires("mlflow"))(
  "E1/fluent what a pipeline's step logs with mlflow lands in the step's own run, and it writes to no other's",
  { timeout: 240_000 },
  async () => {
    const running = await startCauseway({
      variables: { PATH: `${dirname(MLFLOW_PYTHON)}:${process.env["PATH"]}` },
    });
    try {
      const { client } = running;
      const foreign = await client.experiments.startRun({ experiment: "elsewhere", name: "of somebody" });
      const pipeline = join(ROOT, "e2e", "mlflow", "tracked-step.pipeline.ts");
      const ran = await running.cli("pipelines", "run", pipeline, "--foreign", foreign.id);
      expect(ran.stderr + ran.stdout).not.toMatch(/error|failed/i);
      expect(ran.code).toBe(0);
      const { items: runs } = await client.experiments.listRuns({ experiment: "tracked" });
      const [own, fold] = [
        runs.find(({ name }) => name.startsWith("train")),
        runs.find(({ name }) => name === "fold"),
      ];
      expect(own).toMatchObject({ state: "finished", step: { pipeline: "tracked", step: "train" } });
      expect(own?.params).toMatchObject({ learner: "mlflow" });
      expect(own?.metrics.find(({ name }) => name === "loss")).toMatchObject({
        points: 2,
        last: { value: 0.25, step: 2 },
      });
      expect(fold?.tags).toMatchObject({ "mlflow.parentRunId": own?.id });
      expect((await client.experiments.getRun({ run: foreign.id })).metrics).toEqual([]);
    } finally {
      await running.stop();
      await removeFolder(running.dataDir);
    }
  },
);
