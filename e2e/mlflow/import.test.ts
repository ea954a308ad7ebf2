import { globSync, statSync } from "node:fs";
import { mkdir, rename, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, run, startCauseway, temporaryFolder } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";
import { startMlflow } from "./mlflow-server.ts";

const SOURCES = join(ROOT, "e2e", "mlflow", "import_sources.py");
const SERVER_MS = 240_000;

type Counts = { thing: string; found: number; taken: number; here: number }[];

describe.runIf(requires("mlflow"))("import", () => {
  let running: Running;
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    running = await startCauseway();
  }, 60_000);

  afterAll(async () => {
    await running?.stop();
    await removeFolder(running?.dataDir);
    await removeFolder(folder);
  });

  async function write(what: "mlflow" | "wandb", place: string): Promise<string> {
    const written = await run(MLFLOW_PYTHON, [SOURCES, what, place], {
      variables: { MLFLOW_DISABLE_TELEMETRY: "true" },
    });
    if (written.code !== 0) throw new Error(written.stderr);
    return written.stdout.trim().split("\n").at(-1) ?? "";
  }

  async function take(source: string, project: string): Promise<Record<string, Counts[number]>> {
    const done = await running.cli("experiments", "import", source, "--json", "--project", project);
    if (done.code !== 0) throw new Error(done.stderr);
    const { counts }: { counts: Counts } = JSON.parse(done.stdout);
    return Object.fromEntries(counts.map((one) => [one.thing, one]));
  }

  it("E9/mlruns takes over a folder that was moved, with histories, files, models and aliases, and doubles nothing", async () => {
    const parent = await write("mlflow", `file://${join(folder, "mlruns")}`);
    await mkdir(join(folder, "moved"));
    await rename(join(folder, "mlruns"), join(folder, "moved", "mlruns"));
    const first = await take(join(folder, "moved"), "default");
    expect(first).toMatchObject({
      runs: { found: 3, taken: 3 },
      "logged models": { taken: 1 },
      versions: { taken: 1 },
      aliases: { taken: 1 },
    });
    const again = await take(join(folder, "moved"), "default");
    expect(again).toMatchObject({
      runs: { found: 3, taken: 0, here: 3 },
      points: { taken: 0 },
      files: { taken: 0 },
      versions: { taken: 0, here: 1 },
    });
    const { client } = running;
    const taken = await client.experiments.getRun({ run: parent });
    expect(taken).toMatchObject({ name: "parent", params: { "group/depth": "6", rate: "0.1" } });
    expect(taken.tags).toMatchObject({ team: "risk" });
    const loss = taken.metrics.find(({ name }) => name === "train/loss");
    expect(loss).toMatchObject({ points: 40, last: { step: 39 } });
    expect(taken.metrics.find(({ name }) => name === "odd")?.last.value).toBe("NaN");
    const { items } = await client.experiments.listArtifacts({ run: parent });
    expect(items.map(({ path }) => path)).toContain("notes/hello.txt");
  });

  it("E9/models keeps a version's number, tags and alias, and its files", async () => {
    const model = await running.client.registry.getModel({ model: "hotel" });
    expect(model).toMatchObject({ versions: 1, aliases: [{ alias: "champion", version: 1 }] });
    const version = await running.client.registry.getVersion({ model: "hotel", version: 1 });
    expect(version.tags).toMatchObject({ checked: "yes" });
    expect(version.files.map(({ path }) => path)).toContain("MLmodel");
  });

  it("E9/server takes over a live MLflow server", { timeout: SERVER_MS }, async () => {
    const server = await startMlflow(folder);
    try {
      const parent = await write("mlflow", server.url);
      await running.client.platform.createProject({ name: "live" });
      const counts = await take(server.url, "live");
      expect(counts).toMatchObject({
        runs: { found: 3, taken: 3 },
        "logged models": { taken: 1 },
        versions: { taken: 1 },
        aliases: { taken: 1 },
      });
      const shown = await running.cli("experiments", "show", parent, "--json", "--project", "live");
      expect(JSON.parse(shown.stdout)).toMatchObject({ name: "parent", params: { rate: "0.1" } });
      expect(await take(server.url, "live")).toMatchObject({ runs: { taken: 0, here: 3 } });
    } finally {
      await server.stop();
    }
  });

  it("E9/wandb takes over runs that Weights & Biases wrote offline, also one that was cut off", async () => {
    const id = await write("wandb", folder);
    const counts = await take(join(folder, "wandb"), "default");
    expect(counts).toMatchObject({ runs: { found: 1, taken: 1 } });
    const { items } = await running.client.experiments.listRuns({ experiment: "hotel" });
    const taken = items.find(({ tags }) => tags["wandb.id"] === id);
    expect(taken).toMatchObject({
      name: "first",
      state: "finished",
      params: { rate: "0.1", layers: "[64,32]", "optimizer.name": "adam" },
    });
    const metric = (name: string) => taken?.metrics.find((one) => one.name === name);
    expect(metric("loss")).toMatchObject({ points: 250, last: { step: 249 } });
    expect(metric("best")?.last.value).toBe(0.9);
    const files = await running.client.experiments.listArtifacts({ run: taken?.id ?? "" });
    expect(files.items.map(({ path }) => path)).toContain("weights.txt");
    await cutOff(join(folder, "wandb"), id);
    const cut = await running.cli("experiments", "import", join(folder, "wandb"), "--project", "default");
    expect(cut.code).toBe(0);
    expect(cut.stderr).toContain("ends in the middle of a record");
  });

  it("says what a folder lacks", async () => {
    const refused = await running.cli("experiments", "import", ROOT);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("no experiment of MLflow and no run of Weights & Biases");
  });
});

/** Takes the last bytes of a run's log, as a machine that died would have left it. */
async function cutOff(wandb: string, id: string): Promise<void> {
  const [log = ""] = globSync(join(wandb, "offline-run-*", `run-${id}.wandb`));
  await truncate(log, statSync(log).size - 9);
}
