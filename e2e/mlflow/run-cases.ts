import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, run, startCauseway } from "../src/causeway.ts";
import { MLFLOW_PYTHON, requires } from "../src/requirement.ts";

type Result = { readonly case: string; readonly problem: string | null };

/** A suite whose cases are functions of Python scripts beside it. */
type CaseSuite = {
  /** Names of the scripts. */
  readonly scripts: readonly string[];
  /** What each case promises, by its function's name. */
  readonly claims: Readonly<Record<string, string>>;
  /** What the server is started with. */
  readonly args?: readonly string[];
  /** Further tests on the same server. */
  readonly more?: (running: () => Running) => void;
};

/** Declares a suite that runs scripts of cases with MLflow's own client against one server, a test for each case. */
export function describeCases(title: string, { scripts, claims, args = [], more }: CaseSuite): void {
  describe.runIf(requires("mlflow"))(title, () => {
    let running: Running;
    const results = new Map<string, string | null>();

    beforeAll(async () => {
      running = await startCauseway({ args });
      for (const script of scripts)
        for (const [name, problem] of await runCases(script, running)) results.set(name, problem);
    }, 240_000);

    afterAll(async () => {
      await running?.stop();
      await removeFolder(running?.dataDir);
    });

    it.each(Object.entries(claims).map(([name, claim]) => [claim, name] as const))("%s", (_claim, name) => {
      expect(results.get(name), results.get(name) ?? "").toBeNull();
    });

    more?.(() => running);
  });
}

/** Runs a script of cases: by name, what went wrong with each, or null. */
async function runCases(script: string, running: Running): Promise<ReadonlyMap<string, string | null>> {
  const printed = await running.cli("env", "--json");
  const { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN } = JSON.parse(printed.stdout);
  const finished = await run(MLFLOW_PYTHON, [join(ROOT, "e2e", "mlflow", script)], {
    variables: {
      MLFLOW_TRACKING_URI,
      MLFLOW_TRACKING_TOKEN,
      MLFLOW_DISABLE_TELEMETRY: "true",
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  if (finished.code !== 0) throw new Error(finished.stderr);
  const results = finished.stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line): Result => JSON.parse(line));
  return new Map(results.map((result) => [result.case, result.problem]));
}
