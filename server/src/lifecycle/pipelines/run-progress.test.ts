import type { PipelineRunState, StepDefinition, StepState } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { decideSteps, runStateOf } from "./run-progress.ts";

/** A step that needs others, by names. */
function step(name: string, ...needs: string[]): StepDefinition {
  const inputs = needs.map((need) => [
    need,
    { port: { kind: "file" }, source: { from: "step", step: need, output: "out" } },
  ]);
  return {
    name,
    work: { kind: "shell", command: "true" },
    code: "0".repeat(64),
    lock: null,
    inputs: Object.fromEntries(inputs),
    params: {},
    paramsSchema: {},
    outputs: { out: { kind: "file" } },
    resources: {},
    retries: 0,
    timeoutMs: null,
    cache: true,
  };
}

// a ─▶ b ─▶ d, a ─▶ c ─▶ d, e
const DIAMOND = [step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c"), step("e")];

function decided(states: string, runState: PipelineRunState = "running"): string[] {
  const letters: Record<string, StepState> = {
    w: "waiting",
    q: "queued",
    r: "running",
    s: "succeeded",
    c: "cached",
    f: "failed",
    k: "skipped",
    x: "cancelled",
  };
  const known = new Map(DIAMOND.map(({ name }, index) => [name, letters[states[index] ?? "w"] ?? "waiting"]));
  return decideSteps(DIAMOND, known, runState).map(({ step: { name }, decision }) => `${name} ${decision}`);
}

describe("decideSteps", () => {
  it.each([
    ["what needs nothing begins", "wwwww", ["a ready", "e ready"]],
    ["what has all that it needs begins", "swwws", ["b ready", "c ready"]],
    ["a result from the cache is as good", "ccsws", ["d ready"]],
    ["what lacks one of two waits", "ssrws", []],
    ["what is on its way is let be", "qwwwr", []],
    ["after a failure, all below it is skipped at once", "fwwws", ["b skip", "c skip", "d skip"]],
    ["a failed branch does not stop the other", "sfwwq", ["c ready", "d skip"]],
    ["a cancelled step is a failed one to those below", "xwwws", ["b skip", "c skip", "d skip"]],
  ])("%s", (_, states, expected) => {
    expect(decided(states)).toEqual(expected);
  });

  it("begins nothing in a run that is being cancelled", () => {
    expect(decided("srwww", "cancelling")).toEqual(["c cancel", "d cancel", "e cancel"]);
  });
});

describe("runStateOf", () => {
  it.each<[StepState[], PipelineRunState, PipelineRunState]>([
    [["waiting", "queued"], "queued", "queued"],
    [["running", "waiting"], "queued", "running"],
    [["succeeded", "queued"], "running", "running"],
    [["succeeded", "cached"], "running", "succeeded"],
    [["cached", "cached"], "queued", "succeeded"],
    [["failed", "running"], "running", "running"],
    [["failed", "skipped"], "running", "failed"],
    [["running", "cancelled"], "cancelling", "cancelling"],
    [["succeeded", "cancelled"], "cancelling", "cancelled"],
    [["succeeded", "succeeded"], "cancelling", "cancelled"],
  ])("of steps %j in a run that was %s is %s", (states, before, after) => {
    expect(runStateOf(states, before)).toBe(after);
  });
});
