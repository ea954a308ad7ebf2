import { describe, expect, it } from "vitest";
import { fixtures } from "../../../testing/fixtures.ts";
import { mostTelling } from "./most-telling.ts";
import { flagsOf, paramFields, readParams } from "./params-form.ts";
import { definitionGraph, edgesOf, runGraph } from "./run-graph.ts";
import { barsOf } from "./step-bars.tsx";
import { applied } from "./use-run-lines.ts";

const now = new Date("2026-11-21T12:00:00.000Z");
const { definition, pipelineRuns } = fixtures(now);
const [running, done, failed] = pipelineRuns;

describe("the run form", () => {
  const fields = paramFields(definition.paramsSchema);

  it("has a field for each param with its default and its limits", () => {
    expect(fields.map(({ name, kind, initial, help }) => [name, kind, initial, help])).toEqual([
      ["customers", "text", "customers@latest", ""],
      ["trees", "integer", "300", "≥ 1"],
      ["fast", "boolean", "false", ""],
    ]);
  });

  it("reads texts as the schema wants them", () => {
    expect(readParams(fields, { trees: "500", fast: "true" })).toEqual({
      params: { customers: "customers@latest", trees: 500, fast: true },
    });
    expect(readParams(fields, { trees: "1.5" })).toEqual({ field: "trees", rule: "integer" });
    expect(readParams(fields, { trees: "many" })).toEqual({ field: "trees", rule: "integer" });
  });

  it("names a required param that was left empty, and leaves an optional one out", () => {
    const [need] = paramFields({ properties: { a: { type: "string" } }, required: ["a"] });
    expect(readParams([need!], {})).toEqual({ field: "a", rule: "required" });
    const [may] = paramFields({ properties: { a: { type: "array" } } });
    expect(readParams([may!], {})).toEqual({ params: {} });
    expect(readParams([may!], { a: "[1" })).toEqual({ field: "a", rule: "json" });
  });

  it("says the same as a command, quoting what a shell would split", () => {
    expect(flagsOf(fields, { trees: "500", customers: "it's one" })).toBe(
      " --customers 'it'\\''s one' --trees 500",
    );
  });
});

describe("the graph", () => {
  it("has one edge per pair of steps", () => {
    expect(edgesOf(definition)).toHaveLength(6);
    expect(definitionGraph(definition).edges.every(({ look }) => look === "dotted")).toBe(true);
  });

  it("is solid where it ran, dashed from the cache, dotted where not yet", () => {
    const { nodes } = runGraph(running!, definition, { chosen: "train", detailOf: ({ name }) => name });
    expect(nodes.map(({ look }) => look)).toEqual(["solid", "dashed", "solid", "dotted", "dotted"]);
    expect(nodes.find(({ chosen }) => chosen)?.id).toBe("train");
  });
});

describe("the run page", () => {
  it("opens on what failed, else on what runs, else on what took longest", () => {
    expect(mostTelling(failed!.steps)?.name).toBe("train");
    expect(mostTelling(running!.steps)?.name).toBe("train");
    expect(mostTelling(done!.steps)?.name).toBe("train");
    expect(mostTelling([])).toBeUndefined();
  });

  it("shows a failed attempt hollow beside the one that succeeded", () => {
    const train = done!.steps.find(({ name }) => name === "train")!;
    const bars = barsOf(train, Date.parse(done!.startedAt!), now.getTime());
    expect(bars).toEqual([
      { from: 350, to: 5200, look: "failed" },
      { from: 7200, to: 19_600, look: "ran" },
    ]);
  });

  it("renews one step, or all of the run", () => {
    const step = { ...running!.steps[2]!, state: "succeeded" as const };
    expect(applied(running, { kind: "step", step, text: "" })?.steps[2]?.state).toBe("succeeded");
    expect(applied(undefined, { kind: "step", step, text: "" })).toBeUndefined();
    expect(applied(running, { kind: "run", run: done!, text: "" })).toBe(done);
  });
});
