import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finished, ROOT, type Running, removeFolder, run, startCauseway } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";

const NOTEBOOK = join(ROOT, "examples", "notebook", "churn.py");
const GUIDE = join(ROOT, "examples", "notebook", "README.md");
const CUSTOMERS = join(ROOT, "examples", "churn", "customers.csv");
const ANSWERS = join(ROOT, "e2e", "mlflow", "notebook_answers.py");

/** The commands that the guide of the example names, as arguments. */
function commands(): string[][] {
  const lines =
    readFileSync(GUIDE, "utf8").match(/^npx --no causeway (data|registry|deployments|monitoring) .*$/gm) ??
    [];
  return lines.map((line) =>
    [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "").slice(3),
  );
}

describe.runIf(requires("mlflow"))("a notebook in plain MLflow", () => {
  let running: Running;
  let variables: Record<string, string>;
  let notebook: Finished;
  const done: Finished[] = [];

  beforeAll(async () => {
    // The packages are there already: installing them is not what this is about.
    running = await startCauseway({ variables: { CAUSEWAY_PYTHON_ENVIRONMENTS: MLFLOW_PYTHON } });
    const printed = await running.cli("env", "--json");
    variables = {
      ...JSON.parse(printed.stdout),
      MLFLOW_DISABLE_TELEMETRY: "true",
      GIT_PYTHON_REFRESH: "quiet",
    };
    notebook = await run(MLFLOW_PYTHON, [NOTEBOOK], { variables });
    for (const command of commands()) done.push(await running.cli(...command));
  }, 200_000);

  afterAll(async () => {
    await running?.stop();
    if (running) await removeFolder(running.dataDir);
  });

  async function aucOf(version: number): Promise<number | undefined> {
    const { report } = await running.client.registry.getVersion({ model: "churn-notebook", version });
    return report?.metrics.find(({ name }) => name === "auc")?.value;
  }

  it("E1/autolog trains, logs, registers and reads back with no line of this product", () => {
    expect(readFileSync(NOTEBOOK, "utf8")).not.toMatch(/causeway/i);
    expect(notebook.code, notebook.stderr).toBe(0);
    expect(notebook.stdout).toMatch(/churn-notebook version 1: auc 0\.8\d\d/);
  });

  it("ends deployed and monitored by the commands of its guide", async () => {
    expect(done).toHaveLength(5);
    for (const { code, stderr } of done) expect(code, stderr).toBe(0);
    expect(done[1]?.stdout).toContain("golden rows 20 of 20 equal");
  });

  it("M7/later is judged by the commands of its guide on the rows that it held out, as its pipeline would have been", async () => {
    expect(done[4]?.stdout).toMatch(
      /^churn-notebook version 1 on held-out@\w{6}, 750 rows: auc 0\.8\d\d \(0\.\d+ to 0\.\d+\), /,
    );
    const logged = /version 1: auc (0\.\d+)/.exec(notebook.stdout)?.[1];
    expect((await aucOf(1))?.toFixed(3)).toBe(logged);
  });

  it("answers as the model does that MLflow loads, and its predictions are watched window by window", async () => {
    const { code, stdout, stderr } = await run(
      MLFLOW_PYTHON,
      [ANSWERS, CUSTOMERS, join(running.dataDir, "cache")],
      {
        variables: { ...variables, PYTHONPATH: join(ROOT, "python") },
      },
    );
    expect(code, stderr).toBe(0);
    const seen = JSON.parse(stdout);
    expect(seen).toEqual({
      rows: 3000,
      equal: 3000,
      apart: expect.closeTo(0, 6),
      accuracy: expect.closeTo(0.8, 1),
      truth: 3000,
      runs: [
        [expect.any(String), "finished", true, true],
        [expect.any(String), "finished", true, true],
      ],
      "trained in": true,
      evaluated: await aucOf(1),
    });
    await expect
      .poll(
        async () => (await running.client.monitoring.listWindows({ monitor: "churn-notebook" })).items.length,
        { timeout: 60_000 },
      )
      .toBeGreaterThanOrEqual(2);
    const [newest] = (await running.client.monitoring.listWindows({ monitor: "churn-notebook" })).items;
    // The very customers that it learned from, in another order of time: nothing moved.
    expect(newest?.drift).toMatchObject({ judged: true, reason: null, drifted: [] });
  }, 110_000);
});
