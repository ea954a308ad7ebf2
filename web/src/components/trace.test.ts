import type { Lineage, LineageNode } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { traceOf } from "./trace.ts";

const node = (kind: LineageNode["kind"], subject: string): LineageNode => ({ kind, subject, title: subject });
const edge = (from: string, to: string) => ({ from, to, relation: "" });

const lineage: Lineage = {
  nodes: [
    node("deployment", "churn"),
    node("model-version", "churn v1"),
    node("run", "train"),
    node("pipeline-run", "churn 1"),
    node("dataset-version", "train part"),
    node("dataset-version", "test part"),
    node("dataset-version", "customers"),
    node("pipeline-version", "code"),
  ],
  edges: [
    edge("churn", "churn v1"),
    edge("churn v1", "train"),
    edge("churn v1", "test part"),
    edge("train", "train part"),
    edge("train", "churn 1"),
    edge("churn 1", "code"),
    edge("train part", "split"),
    edge("test part", "split"),
    edge("split", "customers"),
  ],
};

describe("the trace", () => {
  it("R3/back leads from a deployment to version, run, data and code", () => {
    const trace = traceOf(lineage, "churn");
    expect(Object.fromEntries(Object.entries(trace).map(([place, { subject }]) => [place, subject]))).toEqual(
      {
        deployment: "churn",
        "model-version": "churn v1",
        "pipeline-run": "churn 1",
        "data-version": "customers",
        code: "code",
      },
    );
  });

  it("names the table that splits were made from, not the splits", () => {
    expect(traceOf(lineage, "churn v1")["data-version"]?.subject).toBe("customers");
  });

  it("names the run where no pipeline made it, and leaves out what nothing leads to", () => {
    const notebook: Lineage = {
      nodes: [node("model-version", "m"), node("run", "notebook"), node("deployment", "elsewhere")],
      edges: [edge("m", "notebook")],
    };
    const trace = traceOf(notebook, "m");
    expect(trace["pipeline-run"]?.subject).toBe("notebook");
    expect(trace.deployment).toBeUndefined();
  });
});
