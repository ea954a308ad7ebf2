import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, type Running, removeFolder, run, startCauseway } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";
import { until } from "../src/small-world.ts";
import { STEP_VARIABLES } from "./step-variables.ts";

const FOLDER = join(ROOT, "e2e", "mlflow");
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse("2026-03-02T00:00:00Z");
const PER_DAY = 3;

type Flowers = { readonly rows: number[][]; readonly species: string[] };

/** The flowers, whose table is imported under its columns' own names. */
async function importFlowers({ client, dataDir }: Running): Promise<Flowers> {
  const { stdout, stderr, code } = await run(MLFLOW_PYTHON, [join(FOLDER, "flowers_table.py")]);
  expect(code, stderr).toBe(0);
  const file = join(dataDir, "flowers.csv");
  await writeFile(file, stdout);
  await client.data.importFile("flowers", file);
  const lines = stdout.trim().split("\n").slice(1);
  const cells = lines.map((line) => line.split(","));
  return {
    rows: cells.map((row) => row.slice(0, -1).map(Number)),
    species: cells.map((row) => row.at(-1) ?? ""),
  };
}

it.runIf(requires("mlflow"))(
  "T3/mlflow retrains, judges, refits and switches a network of a tensor without names, whose rows are a table's by their places",
  { timeout: 300_000 },
  async () => {
    const running = await startCauseway({
      args: ["--no-auth"],
      variables: STEP_VARIABLES,
    });
    const { client } = running;
    const succeeds = async (...args: string[]) => {
      const { code, stdout, stderr } = await running.cli(...args);
      if (code !== 0) throw new Error(`${args.join(" ")}: ${stdout}${stderr}`);
      return stdout;
    };
    try {
      const flowers = await importFlowers(running);
      await succeeds("pipelines", "run", join(FOLDER, "flowers.pipeline.ts"));
      await client.registry.assignAlias({ model: "flowers", alias: "champion", version: 1 });
      await succeeds("deployments", "create", "flowers", "--serve", "flowers@champion");
      await succeeds("monitoring", "create", "flowers", "--window", "1 day");
      for (const day of [0, 1, 2]) await live(running, flowers, day);
      await until("truth is joined to two days", async () => {
        const { items } = await client.monitoring.listWindows({ monitor: "flowers" });
        const judged = items.filter(({ performance }) => performance !== null);
        return judged.length >= 2 ? true : undefined;
      });

      const rule = ["--target", "species", "--gate", "not-worse:accuracy:0.1", "--confirm", "0"];
      await succeeds("retraining", "create", "flowers", "--pipeline", "flowers", ...rule);
      const said = await succeeds("retraining", "run", "flowers", "--reason", "a network");
      expect(said).toContain("confirmed");
      const cycle = await client.retraining.getCycle({ policy: "flowers", number: 1 });
      expect(cycle).toMatchObject({ state: "confirmed", champion: 1, challenger: 2, candidate: 3 });
      const gate = await client.registry.getGate({ gate: cycle.gate ?? "" });
      expect(gate).toMatchObject({ passed: true, target: "species" });
      const { items } = await client.data.listVersions({ dataset: "flowers" });
      expect(items[0]?.schema.map(({ name }) => name)).toEqual([
        "sepal_length",
        "sepal_width",
        "petal_length",
        "petal_width",
        "species",
      ]);
      expect(items[0]).toMatchObject({ source: { kind: "log" } });
      const { serving, signature } = await client.deployments.getDeployment({ deployment: "flowers" });
      expect(serving).toMatchObject({ model: "flowers", version: 3 });
      expect(signature).toMatchObject({ task: "classification", logits: true });
    } finally {
      await running.stop();
      await removeFolder(running.dataDir);
    }
  },
);

/** A day on which every flower is seen some times, and turns out to be what it is. */
async function live({ client, gatewayUrl }: Running, { rows, species }: Flowers, day: number): Promise<void> {
  for (let hour = 0; hour < PER_DAY; hour++) {
    const occurredAt = new Date(FIRST_DAY + day * DAY_MS + (hour * DAY_MS) / PER_DAY).toISOString();
    const response = await fetch(new URL("/predict/flowers", gatewayUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: rows, occurredAt }),
    });
    const text = await response.text();
    expect(response.status, text).toBe(200);
    const { id } = JSON.parse(text);
    const records = species.map((value, row) => ({ predictionId: `${id}.${row}`, value, occurredAt }));
    await client.deployments.recordTruth({ deployment: "flowers", records });
  }
}
