import { describeCases } from "./run-cases.ts";

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

describeCases("traces of the unmodified MLflow client", { scripts: ["trace_cases.py"], claims: CLAIMS });
