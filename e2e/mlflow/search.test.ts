import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, run, startCauseway, temporaryFolder } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";

const CASES = join(ROOT, "e2e", "mlflow", "search_cases.py");

/** What was asked, and what MLflow's own store and the server found: names in order, or the code of a refusal. */
type Compared = { asked: unknown; peer: string[] | string; own: string[] | string };

describe.runIf(requires("mlflow"))("searches of the unmodified MLflow client", () => {
  let running: Running;
  let folder: string;
  let compared: Compared[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder();
    running = await startCauseway();
    const printed = await running.cli("env", "--json");
    const { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN } = JSON.parse(printed.stdout);
    const finished = await run(MLFLOW_PYTHON, [CASES, folder], {
      variables: { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN, MLFLOW_DISABLE_TELEMETRY: "true" },
    });
    if (finished.code !== 0) throw new Error(finished.stderr);
    compared = finished.stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  }, 240_000);

  afterAll(async () => {
    await running?.stop();
    await removeFolder(running?.dataDir);
    await removeFolder(folder);
  });

  it("E3/grammar finds for every filter and order what MLflow's own store finds, in its order", () => {
    expect(compared.length).toBeGreaterThan(100);
    expect(compared.filter(({ peer, own }) => JSON.stringify(peer) !== JSON.stringify(own))).toEqual([]);
  });

  it("E3/grammar refuses what MLflow refuses, with its code", () => {
    const refused = compared.filter(({ peer }) => typeof peer === "string");
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(new Set(refused.map(({ own }) => own))).toEqual(new Set(["INVALID_PARAMETER_VALUE"]));
  });
});
