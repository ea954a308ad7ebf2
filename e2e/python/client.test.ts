import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, run, startCauseway } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";

const SESSION = fileURLToPath(new URL("client_session.py", import.meta.url));
const CUSTOMERS = join(ROOT, "examples", "churn", "customers.csv");

/** What the session in Python saw; see `client_session.py`. */
type Seen = {
  data: Record<string, unknown>;
  run: Record<string, unknown> & { id: string; found: string[] };
  predict: Record<string, unknown> & { accuracy: number; id: string };
  truth: Record<string, unknown>;
  shown: string[];
  said: string[];
};

describe.runIf(requires("python"))("the Python client", () => {
  let running: Running;
  let seen: Seen;

  beforeAll(async () => {
    running = await startCauseway();
    // The model comes from elsewhere: a pipeline trained it.
    const file = join(ROOT, "examples", "churn", "churn.pipeline.ts");
    await running.client.data.importFile("customers", CUSTOMERS, { key: "customerID" });
    const trained = await running.cli("pipelines", "run", file);
    expect(trained.code, trained.stderr).toBe(0);
    const { code, stdout, stderr } = await run(
      "python3",
      [SESSION, CUSTOMERS, join(running.dataDir, "cache")],
      {
        variables: { CAUSEWAY_DATA_DIR: running.dataDir, PYTHONPATH: join(ROOT, "python") },
      },
    );
    expect(code, stderr).toBe(0);
    seen = JSON.parse(stdout);
  }, 200_000);

  afterAll(async () => {
    await running?.stop();
    if (running) await removeFolder(running.dataDir);
  });

  it("E7/frame gives a dataset as a data frame, as Arrow and as files, and takes a data frame as a dataset", async () => {
    const latest = await running.client.data.getVersion({ dataset: "customers", version: "latest" });
    expect(seen.data).toEqual({
      id: latest.id,
      // The same rows are there already: the import ends before a worker has anything to tell.
      phases: expect.arrayContaining(["upload"]),
      shape: [3000, 21],
      dtypes: { tenure: "i", MonthlyCharges: "f" },
      arrow: [3000, 2],
      files: [".parquet"],
      churned: expect.any(Number),
      blanks: 12,
      "same rows, sent as a frame": [3000, true],
    });
  });

  it("E7/log keeps params, metrics with NaN and infinities, files and the way a run ended, and finds runs again", async () => {
    const kept = await running.client.experiments.getRun({ run: seen.run.id });
    expect(kept).toMatchObject({
      state: "finished",
      params: { depth: "6", rate: "0.1" },
      tags: { team: "retention" },
    });
    expect(seen.run).toMatchObject({
      state: "finished",
      metrics: { auc: "0.84", worst: "nan", best: "inf", loss: "8.333333333333333e-05" },
      history: [12_000, 1 / 12_000],
      note: "Grüße aus Hà Nội",
      broken: "failed",
      found: [kept.id],
      best: kept.id,
      columns: expect.arrayContaining(["metrics.auc", "params.depth"]),
    });
  });

  it("E7/predict deploys, waits, and answers a data frame row by row and a row alone", async () => {
    const { rows } = await running.client.deployments.getPrediction({ prediction: seen.predict.id });
    expect(rows).toHaveLength(1);
    expect(seen.predict).toMatchObject({
      serving: "churn@1",
      aliases: { champion: 1 },
      rows: 3000,
      ids: 3000,
      array: true,
      refused: ["INVALID_FIELD", 400, ["Contract", "Dependents"]],
    });
    expect(seen.predict.accuracy).toBeGreaterThan(0.75);
    const [first, alone, sameScores] = seen.predict["first"] as [string, string, boolean];
    expect([alone, sameScores]).toEqual([first, true]);
  });

  it("E7/truth posts truth by prediction, by key and as a correction, and says what is unknown", async () => {
    expect(seen.truth).toEqual({
      "by id": { accepted: 3000, unchanged: 0, corrected: 0, held: expect.any(Number) },
      "by key": { accepted: 100, unchanged: 100, corrected: 0, held: expect.any(Number) },
      corrected: { accepted: 1, unchanged: 0, corrected: 1, held: 0 },
      refused: "UNKNOWN_PREDICTION",
    });
    await expect
      .poll(async () => (await running.client.deployments.getLog({ deployment: "churn" })).truth.labelled, {
        timeout: 20_000,
      })
      .toBe(3000);
  });

  it("E7/notebook shows data, runs, models and deployments as HTML with links to their pages", async () => {
    expect(seen.shown).toHaveLength(seen.said.length);
    const links = new Set(
      seen.shown.flatMap((html) => [...html.matchAll(/href="([^"]+)"/g)].map(([, link]) => link ?? "")),
    );
    expect(
      [...links].filter(
        (link) => !link.startsWith(`${running.url}/dev/`) && !link.startsWith(`${running.url}/go/`),
      ),
    ).toEqual([]);
    for (const stage of ["data", "experiments", "registry", "deployments"]) {
      expect(
        [...links].some((link) => link.includes(`/dev/${stage}/`)),
        stage,
      ).toBe(true);
    }
    expect(seen.said.join("\n")).toContain("golden rows");
    for (const html of seen.shown) expect(html).not.toMatch(/<script|on\w+=/);
  });

  it("tries the script of a step outside of the product", async () => {
    const script = join(ROOT, "examples", "churn-python", "train.py");
    const trial = `
import causeway.testing, pandas, sys
rows = pandas.read_csv(sys.argv[1], na_values=[" "])
given = {"train": rows[:2000], "check": rows[2000:]}
outputs = {"model": "model", "parity": "table"}
with causeway.testing.step(params={"strength": 0.5}, inputs=given, outputs=outputs) as trial:
    trial.run(sys.argv[2])
    print(trial.metrics["auc"] > 0.75, trial.out("model").stat().st_size > 1000, len(trial.read("parity")))
`;
    const { stdout, stderr } = await run("python3", ["-c", trial, CUSTOMERS, script], {
      variables: { PYTHONPATH: join(ROOT, "python") },
    });
    expect(stdout, stderr).toBe("True True 1000\n");
  });
});
