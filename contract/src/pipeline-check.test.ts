import { describe, expect, it } from "vitest";
import { orderSteps } from "./pipeline-check.ts";
import type { PipelineDefinition, StepDefinition } from "./pipelines.ts";

const DIGEST = "0".repeat(64);

function step(name: string, more: Partial<StepDefinition> = {}): StepDefinition {
  return {
    name,
    work: { kind: "shell", command: "true" },
    code: DIGEST,
    lock: null,
    inputs: {},
    params: {},
    paramsSchema: {},
    outputs: { out: { kind: "table" } },
    resources: {},
    retries: 0,
    timeoutMs: null,
    cache: true,
    ...more,
  };
}

const from = (name: string, output = "out") =>
  ({ port: { kind: "table" }, source: { from: "step", step: name, output } }) as const;

function definition(...steps: StepDefinition[]): PipelineDefinition {
  return {
    name: "graph",
    paramsSchema: { type: "object", properties: { trees: { type: "integer" }, rows: { type: "string" } } },
    datasetParams: ["rows"],
    steps,
  };
}

const dataset = (param: string) => ({ port: { kind: "dataset" }, source: { from: "param", param } }) as const;

describe("orderSteps", () => {
  it("puts each step after all that it needs", () => {
    const ordered = orderSteps(
      definition(
        step("d", { inputs: { one: from("b"), two: from("c") } }),
        step("b", { inputs: { one: from("a") } }),
        step("c", { inputs: { one: from("a") } }),
        step("a", { inputs: { rows: dataset("rows") } }),
      ),
    );
    expect(ordered.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
  });

  it("P1/cycle refuses a cycle and names it step by step", () => {
    const graph = definition(
      step("a", { inputs: { in: from("c") } }),
      step("b", { inputs: { in: from("a") } }),
      step("c", { inputs: { in: from("b") } }),
      step("after", { inputs: { in: from("c") } }),
    );
    expect(() => orderSteps(graph)).toThrow("The steps form a cycle: a → b → c → a");
  });

  it.each([
    ["a step that needs itself", definition(step("a", { inputs: { in: from("a") } })), "cycle: a → a"],
    [
      "a step that does not exist",
      definition(step("a", { inputs: { in: from("b") } })),
      "a.in reads b.out, but there is no step b",
    ],
    [
      "an output that does not exist",
      definition(step("a"), step("b", { inputs: { in: from("a", "model") } })),
      "b.in reads a.model, but a has no output model",
    ],
    [
      "an edge between kinds",
      definition(
        step("a", { outputs: { out: { kind: "model", format: "onnx" } } }),
        step("b", { inputs: { in: from("a") } }),
      ),
      "b.in takes a table, but got a.out, a model of format onnx",
    ],
    [
      "a param that does not exist",
      definition(step("a", { inputs: { in: dataset("other") } })),
      "a.in reads the param other",
    ],
    [
      "a plain param as a dataset",
      definition(step("a", { inputs: { in: dataset("trees") } })),
      "which is no dataset",
    ],
    ["two steps of one name", definition(step("a"), step("a")), "Two steps are named a"],
  ])("refuses %s", (_, graph, message) => {
    expect(() => orderSteps(graph)).toThrow(
      expect.objectContaining({ code: "BAD_PIPELINE", message: expect.stringContaining(message) }),
    );
  });
});
