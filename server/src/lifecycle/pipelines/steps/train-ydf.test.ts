import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "@causeway/contract";
import { afterAll, describe, expect, it } from "vitest";
import { createStepData } from "../../data/index.ts";
import type { LibraryStepContext } from "../library/define-library-step.ts";
import { trainYdf } from "./train-ydf.ts";

const folder = mkdtempSync(join(tmpdir(), "causeway-ydf-"));
const data = createStepData({ folder });
afterAll(async () => {
  await data.close();
  rmSync(folder, { recursive: true });
});

/** 600 rows whose answer depends on `tenure` and `plan`; every tenth row misses a number, every eleventh a word. */
const { paths } = await data.query(
  `select 'c' || i as id,
     case when i % 10 = 0 then null else (i * 7) % 72 end as tenure,
     case when i % 11 = 0 then null when i % 2 = 0 then 'month' else 'year' end as plan,
     i % 3 = 0 as senior,
     case when (i * 7) % 72 < 20 and i % 2 = 0 then 'Yes' else 'No' end as churn,
     (i * 7) % 72 * 2.5 + i % 2 as charge
   from range(600) t(i)`,
  {},
);

async function run(params: Record<string, Json>) {
  const said: string[] = [];
  const metrics: Record<string, number> = {};
  const context: LibraryStepContext = {
    params: { learner: "gradient-boosted-trees", without: [], ...params },
    inputs: {
      rows: {
        kind: "dataset",
        digest: "0".repeat(64),
        paths,
        subject: "/api/x",
        dataset: { name: "rows", version: "0".repeat(64), rows: 600, key: "id", schema: [] },
      },
    },
    outputs: { model: join(folder, "model.zip") },
    folder,
    dataDir: folder,
    modelProgram: { command: process.execPath, args: [] },
    log: (values) => Object.assign(metrics, values),
    logParams: () => {},
    print: (text) => said.push(text),
    signal: new AbortController().signal,
  };
  return { result: await trainYdf.run(context), metrics };
}

/** The inference library's own reader: what serves the model. */
async function load() {
  const ydf = await createRequire(import.meta.url)("ydf-inference")({ print: () => {}, printErr: () => {} });
  return ydf.loadModelFromZipBlob(readFileSync(join(folder, "model.zip")));
}

describe("train-ydf", () => {
  it("makes a model that the inference library loads and that has learnt", { timeout: 60_000 }, async () => {
    const { result, metrics } = await run({ target: "churn" });
    expect(result.summary).toBe("gradient-boosted-trees, 4 features, 600 rows");
    expect(metrics["trainingSeconds"]).toBeGreaterThan(0);
    const model = await load();
    expect(model.getLabelClasses().toSorted()).toEqual(["No", "Yes"]);
    expect(
      model
        .getInputFeatures()
        .map(({ name }: { name: string }) => name)
        .toSorted(),
    ).toEqual(["charge", "plan", "senior", "tenure"]);
    const [early, late] = model.predict({
      tenure: [5, 60],
      plan: ["month", "month"],
      senior: ["false", "false"],
      charge: [12.5, 150],
    });
    expect(Math.abs(early - late)).toBeGreaterThan(0.5);
    model.unload();
  });

  it("trains a regression on a number and leaves out what is to be left out", {
    timeout: 60_000,
  }, async () => {
    await run({ target: "charge", without: ["churn"], learner: "random-forest" });
    const model = await load();
    expect(
      model
        .getInputFeatures()
        .map(({ name }: { name: string }) => name)
        .toSorted(),
    ).toEqual(["plan", "senior", "tenure"]);
    model.unload();
  });

  it("names a column that is not there", async () => {
    await expect(run({ target: "churned" })).rejects.toMatchObject({
      code: "INVALID_FIELD",
      value: "churned",
    });
    await expect(run({ target: "churn", without: ["nothing"] })).rejects.toMatchObject({ value: "nothing" });
  });
});
