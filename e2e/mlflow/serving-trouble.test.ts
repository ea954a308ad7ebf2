import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ModelVersion } from "@causeway/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, run, startCauseway, temporaryFolder } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";

const TROUBLE = join(ROOT, "e2e", "mlflow", "serving_trouble.py");

describe.runIf(requires("mlflow"))("models that are not to be served as they are", () => {
  let running: Running;
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    running = await startCauseway({ variables: { CAUSEWAY_PYTHON_ENVIRONMENTS: MLFLOW_PYTHON } });
  }, 60_000);

  afterAll(async () => {
    await running?.stop();
    await removeFolder(running?.dataDir);
    await removeFolder(folder);
  });

  async function register(what: string): Promise<ModelVersion> {
    const printed = await running.cli("env", "--json");
    const variables = {
      ...JSON.parse(printed.stdout),
      MLFLOW_DISABLE_TELEMETRY: "true",
      GIT_PYTHON_REFRESH: "quiet",
    };
    const logged = await run(MLFLOW_PYTHON, [TROUBLE, what, join(folder, what)], { variables });
    if (logged.code !== 0) throw new Error(logged.stderr.slice(-2000));
    return prepared(what);
  }

  async function prepared(model: string): Promise<ModelVersion> {
    for (;;) {
      const version = await running.client.registry.getVersion({ model, version: 1 });
      if (version.preparation.state !== "preparing") return version;
      await pause(300);
    }
  }

  it("R7/scan finds a pickle that runs a command, holds the version back, and nothing of it runs", async () => {
    const { preparation } = await register("evil");
    expect(preparation).toMatchObject({ state: "blocked", environment: null });
    expect(preparation.findings[0]).toMatchObject({
      severity: "danger",
      path: "python_model.pkl",
      rule: "pickle-import",
    });
    const served = await running.cli("deployments", "create", "evil", "--serve", "evil@1");
    expect(served.code).not.toBe(0);
    expect(served.stderr).toMatch(/held back[\s\S]*posix\.system[\s\S]*--accept-findings/);
    const again = await running.cli("registry", "prepare", "evil", "1");
    expect(again.code).not.toBe(0);
    expect(existsSync(join(folder, "evil"))).toBe(false);
  }, 100_000);

  it("R2/environment is installed from what the model asks for, and the model is served by it", async () => {
    const { preparation, golden } = await register("small");
    expect(preparation).toMatchObject({
      state: "ready",
      problem: null,
      environment: { tool: expect.stringMatching(/uv|venv/) },
    });
    expect(golden.map(({ prediction }) => prediction.value)).toEqual([3, 5]);
    const served = await running.cli("deployments", "create", "small", "--serve", "small@1");
    expect(served.stderr).not.toContain("error");
    expect(served.stdout).toContain("golden rows 2 of 2 equal");
  }, 280_000);

  it("R2/environment that cannot be installed is an error on the version, with pip's own words", async () => {
    const { preparation } = await register("lacking");
    expect(preparation).toMatchObject({ state: "failed" });
    expect(preparation.problem).toContain("could not be built");
    expect(preparation.problem).toContain("causeway-has-no-such-package");
    const served = await running.cli("deployments", "create", "lacking", "--serve", "lacking@1");
    expect(served.code).not.toBe(0);
    expect(served.stderr).toContain("causeway-has-no-such-package");
  }, 110_000);
});
