import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, run, startCauseway } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";

const CASES = join(ROOT, "e2e", "mlflow", "registry_cases.py");

/** What each case of the script promises, by its function's name. */
const CLAIMS = {
  registered:
    "E1/registry a model that is logged is registered, loaded by version, and registered again from its run",
  files: "E1/registry the files of a version stay what they were, whatever is logged to its model later",
  models: "R1/models are made, described, tagged, renamed with what hangs on them, and deleted",
  aliases: "R1/aliases move, are found, refuse reserved names, and go with the version they point at",
  stages: "R1/stages label versions for old clients, and archive what was there before",
  versions: "R1/tags and descriptions of versions, their copies, and searches page by page",
  sources: "E1/registry a version is made from what its run logged, and from no other place of the server",
  prompts: "E1/registry prompts are registered, loaded by version and alias, and kept apart from models",
  webhooks: "R8/webhooks reach a receiver with a signature that it can check",
} as const;

type Result = { readonly case: string; readonly problem: string | null };

describe.runIf(requires("mlflow"))("the registry of the unmodified MLflow client", () => {
  let running: Running;
  const results = new Map<string, string | null>();

  beforeAll(async () => {
    running = await startCauseway({ args: ["--allow-private-channels"] });
    const printed = await running.cli("env", "--json");
    const { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN } = JSON.parse(printed.stdout);
    const finished = await run(MLFLOW_PYTHON, [CASES], {
      variables: { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN, MLFLOW_DISABLE_TELEMETRY: "true" },
    });
    for (const line of finished.stdout.split("\n").filter((text) => text.startsWith("{"))) {
      const result: Result = JSON.parse(line);
      results.set(result.case, result.problem);
    }
    if (finished.code !== 0) throw new Error(finished.stderr);
  }, 110_000);

  afterAll(async () => {
    await running?.stop();
    await removeFolder(running?.dataDir);
  });

  it.each(Object.entries(CLAIMS).map(([name, claim]) => [claim, name] as const))("%s", (_claim, name) => {
    expect(results.get(name), results.get(name) ?? "").toBeNull();
  });
});
