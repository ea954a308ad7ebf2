import { expect, it } from "vitest";
import { processesOf, removeFolder, startCauseway } from "../src/causeway.ts";
import { commandsOf, follow, printed } from "../src/tutorial.ts";

it("X9/tutorial the README's commands lead from a table to an answered prediction", {
  timeout: 240_000,
}, async () => {
  const running = await startCauseway();
  try {
    const told = await follow(running, commandsOf("README.md", "Tutorial"));
    expect(printed(told, "data import")).toMatch(/3,000 rows, 21 columns/);
    expect(printed(told, "data import")).toMatch(/TotalCharges: 12 blanks, all where tenure = 0/);
    expect(printed(told, "churn.pipeline.ts")).toMatch(/auc 0\.\d{3} \(0\.\d{3} to 0\.\d{3}\)/);
    expect(printed(told, "--learner random-forest")).toMatch(/split\s+cached/);
    expect(printed(told, "deployments create")).toMatch(/golden rows 20 of 20 equal/);
    const answer = JSON.parse(printed(told, "curl"));
    expect(answer).toMatchObject({ model: "churn", version: 1 });
    expect(["Yes", "No"]).toContain(answer.predictions[0].value);

    // O12: the id of the answer leads to the version, the run and the data.
    const { rows } = await running.client.deployments.getPrediction({ prediction: answer.id });
    expect(rows[0]).toMatchObject({ deployment: "churn", model: "churn", version: 1 });
    const version = await running.client.registry.getVersion({ model: "churn", version: 1 });
    const latest = await running.client.data.getVersion({ dataset: "customers", version: "latest" });
    expect(version.pipelineRun).toEqual({ pipeline: "churn", number: 1 });
    const lineage = await running.client.registry.getVersionLineage({ model: "churn", version: 1 });
    expect(JSON.stringify(lineage)).toContain(latest.id);

    // The page opens with the link that the last command printed.
    const page = await fetch(printed(told, "token link").trim(), { redirect: "manual" });
    expect(page.status).toBeLessThan(400);
    expect(page.headers.get("set-cookie")).toContain("HttpOnly");
  } finally {
    expect(await running.stop()).toBe(0);
    expect(processesOf(running.dataDir)).toEqual([]);
    await removeFolder(running.dataDir);
  }
});

it("X9/tutorial both languages type the same commands", () => {
  expect(commandsOf("README.vi.md", "Bài thực hành")).toEqual(commandsOf("README.md", "Tutorial"));
});
