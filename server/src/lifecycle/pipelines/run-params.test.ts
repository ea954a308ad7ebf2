import { CausewayError, type Json, type PipelineDefinition } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { resolveParams } from "./run-params.ts";

const DEFINITION: PipelineDefinition = {
  name: "churn",
  paramsSchema: {
    type: "object",
    properties: {
      customers: { type: "string", default: "customers@latest" },
      trees: { type: "integer", default: 300 },
      label: { type: "string" },
    },
    required: ["label"],
  },
  datasetParams: ["customers"],
  steps: [
    {
      name: "train",
      work: { kind: "shell", command: "true" },
      code: "0".repeat(64),
      lock: null,
      inputs: {},
      params: { trees: { from: "param", param: "trees" }, name: { from: "value", value: "churn" } },
      paramsSchema: {
        type: "object",
        properties: {
          trees: { type: "integer", exclusiveMinimum: 0 },
          name: { type: "string" },
          seed: { type: "integer", default: 7 },
        },
        required: ["trees", "name"],
      },
      outputs: {},
      resources: {},
      retries: 0,
      timeoutMs: null,
      cache: true,
    },
  ],
};

function issuesOf(given: Record<string, Json>): [string, string][] {
  try {
    resolveParams(DEFINITION, given);
  } catch (error) {
    if (error instanceof CausewayError) return (error.issues ?? []).map(({ field, got }) => [field, got]);
    throw error;
  }
  return [];
}

describe("resolveParams", () => {
  it("fills in the defaults of the pipeline and of its steps", () => {
    const resolved = resolveParams(DEFINITION, { label: "Churn" });
    expect(resolved.params).toEqual({ customers: "customers@latest", trees: 300, label: "Churn" });
    expect(resolved.references).toEqual({ customers: "customers@latest" });
    expect(resolved.steps.get("train")).toEqual({ trees: 300, name: "churn", seed: 7 });
  });

  it.each<[string, Record<string, Json>, [string, string][]]>([
    ["a missing one", {}, [["params.label", "absent"]]],
    ["one of the wrong type", { label: 3 }, [["params.label", "3"]]],
    ["one that is not there", { label: "x", depth: 3 }, [["params.depth", "depth"]]],
    [
      "a dataset that is no reference",
      { label: "x", customers: "customers" },
      [["params.customers", '"customers"']],
    ],
    ["one that a step refuses", { label: "x", trees: -1 }, [["steps.train.trees", "-1"]]],
    [
      "several at once",
      { trees: "many", depth: 1 },
      [
        ["params.depth", "depth"],
        ["params.trees", '"many"'],
        ["params.label", "absent"],
      ],
    ],
  ])("P2/params refuses %s by its field", (_, given, expected) => {
    expect(issuesOf(given)).toEqual(expect.arrayContaining(expected));
  });
});
