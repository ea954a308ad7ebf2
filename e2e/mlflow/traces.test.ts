import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, startCauseway } from "../src/causeway.ts";
import { requires } from "../src/requirement.ts";
import { runCases } from "./run-cases.ts";

/** What each case of the script promises, by its function's name. */
const CLAIMS = {
  whole: "E1/traces come back with nested spans, their inputs, outputs, attributes and events",
  errors: "E1/traces of calls that fail say why",
  searches: "E1/traces are found by state, name, time, tags, metadata, spans and runs, in pages",
  tags: "E1/traces are tagged",
  assessments: "E1/traces take feedback and expectations, which are changed, overridden and deleted",
  runs: "E1/traces are linked to runs",
  deletion: "E1/traces are deleted by their ids, or the oldest up to a time",
  exporters: "E1/traces come from OpenTelemetry's exporters too",
} as const;

describe.runIf(requires("mlflow"))("traces of the unmodified MLflow client", () => {
  let running: Running;
  let results: ReadonlyMap<string, string | null> = new Map();

  beforeAll(async () => {
    running = await startCauseway();
    results = await runCases(join(ROOT, "e2e", "mlflow", "trace_cases.py"), running);
  }, 240_000);

  afterAll(async () => {
    await running?.stop();
    await removeFolder(running?.dataDir);
  });

  it.each(Object.entries(CLAIMS).map(([name, claim]) => [claim, name] as const))("%s", (_claim, name) => {
    expect(results.get(name), results.get(name) ?? "").toBeNull();
  });
});
