import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ModelVersion } from "@causeway/contract";
import { expect, it } from "vitest";
import { ROOT, type Running, removeFolder, startCauseway } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";
import { STEP_VARIABLES } from "./step-variables.ts";

const HERE = join(ROOT, "e2e", "mlflow");
const PIPELINE = join(HERE, "saved-model.pipeline.ts");

it.runIf(requires("mlflow"))(
  "P1/python a step's folder of MLflow is kept, cached, handed on, judged, registered and served",
  { timeout: 240_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "causeway-saved-"));
    const running = await startCauseway({
      variables: STEP_VARIABLES,
    });
    const { client } = running;
    try {
      const table = join(folder, "flowers.csv");
      writeFileSync(table, execFileSync(MLFLOW_PYTHON, [join(HERE, "flowers_table.py")]));
      await succeeds(running, "data", "import", "flowers", table);
      const said = await succeeds(running, "pipelines", "run", PIPELINE);
      expect(said).toContain("judged version 1");
      expect(said).toContain("unjudged version 1");

      const run = await client.pipelines.getRun({ pipeline: "saved", number: 1 });
      const outputOf = (step: string, name = "model") =>
        run.steps.find((one) => one.name === step)?.outputs[name];
      const made = outputOf("train");
      const paths = made?.files?.map(({ path }) => path) ?? [];
      expect(paths).toEqual([...paths].sort());
      expect(paths).toEqual(
        expect.arrayContaining(["MLmodel", "model.pkl", "requirements.txt", "more/base.txt", "limits.txt"]),
      );
      expect(made?.bytes).toBe(made?.files?.reduce((sum, { bytes }) => sum + bytes, 0));
      // A folder that is passed on is the same folder.
      expect(outputOf("pass")?.digest).toBe(made?.digest);

      const seen = join(folder, "seen.json");
      await succeeds(running, "pipelines", "download", "saved", "1", "look", "seen", seen);
      const { inputs, files } = JSON.parse(readFileSync(seen, "utf8"));
      expect(inputs).toEqual(["sepal_length", "sepal_width", "petal_length", "petal_width"]);
      expect(files).toBeGreaterThan(5);

      const copy = join(folder, "copy");
      await succeeds(running, "pipelines", "download", "saved", "1", "train", "model", copy);
      for (const path of paths) expect(existsSync(join(copy, path))).toBe(true);
      const script = `import mlflow, sys; mlflow.pyfunc.load_model(sys.argv[1])`;
      execFileSync(MLFLOW_PYTHON, ["-c", script, copy], {
        env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true" },
      });
      const one = join(folder, "one.txt");
      await succeeds(
        running,
        "pipelines",
        "download",
        "saved",
        "1",
        "train",
        "model",
        one,
        "--path",
        "more/base.txt",
      );
      expect(readFileSync(one, "utf8")).toMatch(/^scikit-learn==/);
      const missing = await running.cli(
        "pipelines",
        "download",
        "saved",
        "1",
        "train",
        "model",
        one,
        "--path",
        "gone",
      );
      expect(missing.code).toBe(1);
      expect(missing.stderr).toContain("model has no file gone");

      const judged = await prepared(running, "judged");
      expect(judged).toMatchObject({
        format: "mlflow",
        preparation: { state: "ready", problem: null },
        pipelineRun: { pipeline: "saved", number: 1 },
        report: { task: "classification", target: "species" },
      });
      expect(judged.files).toEqual(made?.files);
      expect(judged.reference).toBe(outputOf("evaluate", "report")?.digest);
      expect(judged.golden).toHaveLength(5);
      expect(judged.run).toBe(run.steps.find(({ name }) => name === "train")?.attempts[0]?.run);
      const accuracy = judged.report?.metrics.find(({ name }) => name === "accuracy")?.value;
      expect(accuracy).toBeGreaterThan(0.8);
      const unjudged = await prepared(running, "unjudged");
      expect(unjudged).toMatchObject({ report: null, preparation: { state: "ready" } });
      // One environment for both: it is named by what the further files of requirements hold.
      expect(unjudged.preparation.environment).toEqual(judged.preparation.environment);

      await succeeds(running, "deployments", "create", "flowers", "--serve", "judged@1");
      const record = { sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 };
      const answer = await client.deployments.predict("flowers", record);
      expect(answer.predictions[0]?.value).toBe("setosa");

      const again = await succeeds(running, "pipelines", "run", PIPELINE);
      for (const name of ["split", "train", "look", "pass", "evaluate", "register"])
        expect(again).toMatch(new RegExp(`${name}\\s+cached`));
    } finally {
      await running.stop();
      await removeFolder(running.dataDir);
      await removeFolder(folder);
    }
  },
);

async function succeeds(running: Running, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await running.cli(...args);
  expect({ args, code, stderr: code === 0 ? "" : stderr + stdout }).toEqual({ args, code: 0, stderr: "" });
  return stdout + stderr;
}

/** The first version of a model once a worker has done with it. */
async function prepared({ client }: Running, model: string): Promise<ModelVersion> {
  for (;;) {
    const version = await client.registry.getVersion({ model, version: 1 });
    if (version.preparation.state !== "preparing") return version;
    await sleep(200);
  }
}
