import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, it } from "vitest";
import { ROOT, removeFolder, startCauseway } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";
import { saveStream } from "../src/save-stream.ts";

it.runIf(requires("python"))(
  "R2/onnx a scikit-learn model trained in a Python step answers through the gateway as scikit-learn does, to 1e-5 on 1,000 rows",
  { timeout: 600_000 },
  async () => {
    const running = await startCauseway();
    try {
      const { client } = running;
      await client.data.importFile("customers", join(ROOT, "examples", "churn", "customers.csv"), {
        key: "customerID",
      });
      const pipeline = join(ROOT, "examples", "churn-python", "churn-python.pipeline.ts");
      const ran = await running.cli("pipelines", "run", pipeline);
      expect(ran.stderr).not.toMatch(/error/);
      expect(ran.code).toBe(0);
      const created = await running.cli("deployments", "create", "churn", "--serve", "churn-python@1");
      expect(created.code).toBe(0);
      expect(created.stdout).toContain("golden rows 20 of 20 equal");

      const output = { pipeline: "churn-python", number: 1, step: "train", output: "parity" };
      const { stream } = await client.pipelines.downloadOutput(output);
      const file = join(running.dataDir, "parity.parquet");
      await saveStream(stream, file);
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      const rows = (await connection.runAndReadAll(`SELECT * FROM '${file}'`)).getRowObjectsJson();
      expect(rows).toHaveLength(1000);
      let largest = 0;
      for (let start = 0; start < rows.length; start += 100) {
        const part = rows
          .slice(start, start + 100)
          .map((row) =>
            Object.fromEntries(
              Object.entries(row).map(([name, value]) => [
                name,
                typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value,
              ]),
            ),
          );
        const answer = await client.deployments.predict(
          "churn",
          part.map(({ expected: _, ...record }) => record),
        );
        for (const [index, prediction] of answer.predictions.entries()) {
          const expected = Number(part[index]?.["expected"]);
          largest = Math.max(largest, Math.abs((prediction.scores?.["Yes"] ?? Number.NaN) - expected));
        }
      }
      expect(largest).toBeLessThan(1e-5);
    } finally {
      await running.stop();
      await removeFolder(running.dataDir);
    }
  },
);
