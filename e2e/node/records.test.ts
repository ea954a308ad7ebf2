import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, startCauseway, temporaryFolder } from "../src/causeway.ts";

const CUSTOMERS = join(ROOT, "examples", "churn", "customers.csv");

let running: Running;

beforeAll(async () => {
  running = await startCauseway();
});

afterAll(async () => {
  await running.stop();
  await removeFolder(running.dataDir);
});

it("E2/params E2/metrics E2/non-finite E2/exact E2/tags E2/artifacts keeps what a run says, to the last bit", async () => {
  const { experiments } = running.client;
  const { id: run } = await experiments.startRun({
    experiment: "by hand",
    name: "one",
    tags: { owner: "an" },
  });
  const losses = [0.1 + 0.2, 5e-324, Number.MAX_VALUE, "NaN", "Infinity", "-Infinity"] as const;
  const occurredAt = "2026-01-02T03:04:05.678Z";
  await experiments.log({
    run,
    params: { depth: "6" },
    metrics: losses.map((value, step) => ({ name: "loss", value, step, occurredAt })),
    tags: { phase: "last" },
  });
  await experiments.uploadArtifact({ run, path: "plots/curve.txt" }, new Blob(["a curve"]));
  await experiments.endRun({ run });

  const kept = await experiments.getRun({ run });
  expect(kept).toMatchObject({
    state: "finished",
    params: { depth: "6" },
    tags: { owner: "an", phase: "last" },
  });
  const { items } = await experiments.metricHistory({ run, name: "loss" });
  expect(items).toEqual(losses.map((value, step) => ({ value, step, occurredAt })));
  const file = await experiments.downloadArtifact({ run, path: "plots/curve.txt" });
  expect(await new Response(file.stream).text()).toBe("a curve");
});

describe("a version that a deployed pipeline made", () => {
  beforeAll(async () => {
    await running.client.data.importFile("customers", CUSTOMERS, { key: "customerID" });
    const folder = await temporaryFolder();
    const file = join(folder, "churn.pipeline.ts");
    copyFileSync(join(ROOT, "examples", "churn", "churn.pipeline.ts"), file);
    const deployed = await running.cli("pipelines", "deploy", file);
    expect(deployed.code, deployed.stderr).toBe(0);
    await removeFolder(folder);
    await runPipeline({});
  }, 120_000);

  async function runPipeline(params: Record<string, string>) {
    const { pipeline, number } = await running.client.pipelines.run("churn", params);
    for await (const event of running.client.pipelines.follow({ pipeline, number })) {
      if (event.kind === "run" && event.run.problem !== null) throw new Error(event.run.problem);
    }
    return running.client.pipelines.getRun({ pipeline, number });
  }

  it("P10/as-it-was P10/bundle P10/digest runs though its file is gone, as one version", async () => {
    const { items } = await running.client.pipelines.listVersions({ pipeline: "churn" });
    const run = await running.client.pipelines.getRun({ pipeline: "churn", number: 1 });
    expect(run).toMatchObject({ state: "succeeded", version: items[0]?.digest });
    expect(items).toHaveLength(1);
  });

  it("P3/miss P3/hit P3/reason runs again what a param changed, and only that", {
    timeout: 120_000,
  }, async () => {
    const run = await runPipeline({ learner: "random-forest" });
    const states = run.steps.map(({ name, state, why }) => `${name} ${state}: ${why}`);
    expect(states[0]).toMatch(/^split cached: same/);
    expect(states[1]).toMatch(/succeeded: param learner gradient-boosted-trees → random-forest$/);
  });

  it("P5/logs keeps the lines of a run with their step and attempt", async () => {
    const { items } = await running.client.pipelines.listLogs({ pipeline: "churn", number: 1 });
    const positions = items.map(({ position }) => position);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    for (const { step, attempt } of items) expect([step !== "", attempt]).toEqual([true, 1]);
  });

  it("R1/models R2/signature R2/size R2/digest R2/ydf E4/data E4/hardware E4/usage carries what it is and what it was made from", async () => {
    const version = await running.client.registry.getVersion({ model: "churn", version: 1 });
    const customers = await running.client.data.getVersion({ dataset: "customers", version: "latest" });
    expect(version).toMatchObject({ format: "ydf", pipelineRun: { pipeline: "churn", number: 1 } });
    expect(version.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(version.bytes).toBe(version.files.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(version.signature).toMatchObject({ task: "classification", target: "Churn" });
    expect([...version.signature.classes].sort()).toEqual(["No", "Yes"]);
    expect(version.golden).toHaveLength(20);

    const run = await running.client.experiments.getRun({ run: version.run ?? "" });
    expect(run.record.data.length).toBeGreaterThan(0);
    expect(run.record.hardware?.cores).toBeGreaterThan(0);
    expect(run.usage[0]?.cpuSeconds).toBeGreaterThan(0);
    expect(run.usage[0]?.peakMemoryBytes).toBeGreaterThan(1_000_000);
    const lineage = await running.client.registry.getVersionLineage({ model: "churn", version: 1 });
    expect(lineage.nodes.map(({ subject }) => subject).join(" ")).toContain(customers.id);
  });

  it("R1/aliases R1/card moves an alias, keeps its history, and writes the card from the record", async () => {
    const { registry } = running.client;
    await registry.assignAlias({ model: "churn", alias: "champion", version: 1 });
    await registry.assignAlias({ model: "churn", alias: "champion", version: 2 });
    const { items } = await registry.listAliasChanges({ model: "churn", alias: "champion" });
    expect(items.map(({ version, previous }) => [version, previous])).toEqual([
      [2, 1],
      [1, null],
    ]);
    const { markdown } = await registry.getCard({ model: "churn", version: 1 });
    expect(markdown).toContain("churn");
    expect(markdown).toMatch(/auc/i);
  });

  it("O1/keys O12/lineage R3/back R3/forth leads from an answer to its data, and from the data to what serves", {
    timeout: 120_000,
  }, async () => {
    const { client } = running;
    const created = await running.cli("deployments", "create", "churn", "--serve", "churn@1");
    expect(created.code, created.stderr).toBe(0);
    const deployment = await client.deployments.getDeployment({ deployment: "churn" });
    const keyless = await fetch(deployment.url, { method: "POST", body: "{}" });
    expect(keyless.status).toBe(401);
    const answer = await client.deployments.predict("churn", deployment.example ?? {});
    const customers = await client.data.getVersion({ dataset: "customers", version: "latest" });

    if (answer.id === null) throw new Error("the prediction was not logged");
    const { rows } = await client.deployments.getPrediction({ prediction: answer.id });
    expect(rows[0]).toMatchObject({ deployment: "churn", model: "churn", version: 1 });

    const back = await client.platform.getLineage({
      subject: "/api/deployments/deployments/churn",
      direction: "causes",
    });
    expect(back.nodes.map(({ subject }) => subject).join(" ")).toContain(customers.id);
    const forth = await client.platform.getLineage({
      subject: `/api/data/datasets/customers/versions/${customers.id}`,
      direction: "effects",
    });
    const reached = forth.nodes.map(({ subject }) => subject);
    expect(reached).toContain("/api/registry/models/churn/versions/1");
    expect(reached).toContain("/api/deployments/deployments/churn");
  });
});
