import { ENDPOINTS, type Endpoint } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { answers } from "./fixture-server.ts";

const now = new Date("2026-11-21T12:00:00.000Z");
const asked = {
  dataset: "customers",
  version: "latest",
  pipeline: "churn",
  number: "8",
  model: "churn",
  deployment: "churn",
  experiment: "churn",
  monitor: "churn",
  environment: "dev",
};

function endpointOf(name: string): Endpoint {
  const [stage = "", route = ""] = name.split(".");
  const tables: Record<string, Record<string, Endpoint>> = ENDPOINTS;
  const endpoint = tables[stage]?.[route];
  if (endpoint === undefined) throw new Error(`the contract has no route ${name}`);
  return endpoint;
}

describe("fixtures", () => {
  const full = answers(now, "full");
  const run = full["experiments.listRuns"]?.({}) as { items: { id: string }[] }; // shaped by the contract, checked below
  const prediction = full["deployments.listPredictions"]?.({ deployment: "churn" }) as {
    items: { id: string }[];
  };
  const windows = full["monitoring.listWindows"]?.({ monitor: "churn" }) as { items: { start: string }[] };
  const alerts = full["monitoring.listAlerts"]?.({}) as { items: { id: string }[] };
  const gates = full["registry.listGates"]?.({ version: "3" }) as { items: { id: string }[] };
  const approvals = full["registry.listApprovals"]?.({}) as { items: { id: string }[] };
  const ids = {
    start: windows.items[0]!.start,
    alert: alerts.items[0]!.id,
    policy: "churn",
    gate: gates.items[0]!.id,
    approval: approvals.items[0]!.id,
    run: run.items[0]!.id,
    name: "valid.auc",
    prediction: prediction.items[0]!.id,
  };

  it.each(Object.keys(full))("%s answers as the contract says", (name) => {
    const version = name.startsWith("registry.") ? { version: "3" } : {};
    const cycle = name === "retraining.getCycle" ? { number: "2" } : {};
    const parsed = endpointOf(name).output.safeParse(
      full[name]?.({ ...asked, ...ids, ...version, ...cycle }),
    );
    expect(parsed.error?.issues ?? []).toEqual([]);
  });
});
