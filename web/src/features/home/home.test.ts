import { describe, expect, it } from "vitest";
import { fixtures } from "../../../testing/fixtures.ts";
import type { Translate } from "../../lib/words.tsx";
import { headline } from "./headline.ts";
import { needs, type Overview, stageCounts, stationOf } from "./stage-state.ts";
import { byDay, eventStatus, fold, nameIn, thingOf } from "./story.ts";

const now = new Date("2026-11-21T12:00:00.000Z");
const known = fixtures(now);
const full: Overview = known;
const nothing: Overview = {
  datasets: [],
  experiments: [],
  runs: [],
  pipelineRuns: [],
  models: [],
  deployments: [],
};
const count: Translate = (key, values) => `${key}:${values?.["count"] ?? values?.["parts"]}`;

describe("what needs a person", () => {
  it("comes worst first, and each with its thing", () => {
    const open = needs(full, "dev");
    expect(open.map(({ kind }) => kind)).toEqual([
      "deployment-failed",
      "pipeline-failed",
      "newer-version",
      "quarantine",
    ]);
  });

  it("asks for a champion where an environment has none", () => {
    expect(needs(full, "prod").map(({ kind }) => kind)).toContain("no-champion");
  });

  it("is silent about a failure that a later run of the same pipeline made good", () => {
    const failed = known.pipelineRuns.find(({ state }) => state === "failed");
    const mended = { ...failed!, number: failed!.number + 1, state: "succeeded" as const };
    const open = needs({ ...nothing, pipelineRuns: [mended, failed!] }, "dev");
    expect(open).toEqual([]);
  });
});

describe("the menu", () => {
  it("counts only what runs, waits or is wrong, the worst kind first", () => {
    expect(stageCounts(full, "dev")).toEqual({
      data: { status: "warn", count: 1 },
      experiments: { status: "running", count: 1 },
      pipelines: { status: "crit", count: 1 },
      registry: { status: "waiting", count: 1 },
      deployments: { status: "crit", count: 1 },
    });
    expect(stageCounts(nothing, "dev")).toEqual({});
  });
});

describe("the loop", () => {
  it("is dotted up to where the user is, and beyond what is built", () => {
    expect(stationOf("data", nothing, "dev")).toEqual({ status: "idle", span: "open" });
    expect(stationOf("data", { ...nothing, datasets: known.datasets.slice(0, 1) }, "dev").span).toBe("open");
    expect(stationOf("monitoring", full, "dev")).toEqual({ status: "blocked", span: "open" });
  });

  it("moves where something runs and is held where a person decides", () => {
    expect(stationOf("experiments", full, "dev").span).toBe("moving");
    expect(stationOf("registry", full, "dev").span).toBe("held");
  });
});

describe("the headline", () => {
  it("says that all is well, or what is open, the worst first", () => {
    expect(headline([], count, "en")).toBe("home.quiet:undefined");
    expect(headline(["warn", "crit", "crit", "waiting"], count, "en")).toBe(
      "home.sentence:home.failures:2, home.decisions:1, and home.findings:1",
    );
  });
});

describe("activity", () => {
  it("folds what repeats and keeps the newest", () => {
    const [first] = known.events;
    const told = fold([first!, { ...first!, id: known.events[1]!.id }, known.events[1]!]);
    expect(told.map(({ times }) => times)).toEqual([2, 1]);
  });

  it("stands under its day", () => {
    const days = byDay(fold(known.events), (at) => at.toISOString().slice(0, 10));
    expect(days.map(({ day }) => day)).toEqual(["2026-11-21", "2026-11-20"]);
  });

  it("takes its shape from how the thing ended", () => {
    const ended = known.events.find(({ type }) => type === "pipelines.run-ended")!;
    expect(eventStatus(ended)).toBe("ok");
    expect(eventStatus({ ...ended, data: { state: "failed" } })).toBe("crit");
    expect(eventStatus({ ...ended, type: "data.import-failed" })).toBe("crit");
  });

  it("finds the dataset of an import and the name of a step", () => {
    const [event] = known.events;
    const imported = { ...event!, subject: "/api/data/imports/1", data: { dataset: "customers" } };
    expect(thingOf(imported)).toBe("/api/data/datasets/customers");
    expect(
      nameIn({ ...event!, subject: "/api/pipelines/pipelines/churn/runs/2/steps/train", data: {} }),
    ).toBe("train");
  });
});
