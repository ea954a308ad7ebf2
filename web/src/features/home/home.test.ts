import { describe, expect, it } from "vitest";
import { fixtures } from "../../../testing/fixtures.ts";
import { monitoringFixtures } from "../../../testing/monitoring-fixtures.ts";
import type { Translate } from "../../lib/words.tsx";
import { headline } from "./headline.ts";
import { needs, type Overview, stageCounts, stationOf } from "./stage-state.ts";
import { byDay, eventStatus, fold, nameIn, thingOf, titleOf } from "./story.ts";
import { frozenTwin, repairOf, storyMonitor } from "./story-choice.ts";

const now = new Date("2026-11-21T12:00:00.000Z");
const known = fixtures(now);
const { monitors, alerts, policies, approvals } = monitoringFixtures(now);
const loop = { monitors, alerts: alerts.filter(({ state }) => state === "open"), policies, approvals };
const full: Overview = { ...known, ...loop };
const nothing: Overview = {
  datasets: [],
  experiments: [],
  runs: [],
  pipelineRuns: [],
  models: [],
  deployments: [],
  monitors: [],
  alerts: [],
  policies: [],
  approvals: [],
};
/** As before anything was watched. */
const unwatched: Overview = { ...nothing, ...known };
const count: Translate = (key, values) => `${key}:${values?.["count"] ?? values?.["parts"]}`;

describe("what needs a person", () => {
  it("begins with decisions, then what is wrong, then what may be looked at", () => {
    const open = needs(full, "dev");
    expect(open.map(({ kind }) => kind)).toEqual([
      "approval",
      "alert",
      "deployment-failed",
      "pipeline-failed",
      "monitor-problem",
      "quarantine",
    ]);
  });

  it("asks about a newer version only where neither a policy nor an approval decides it", () => {
    const kinds = (overview: Overview) => needs(overview, "dev").map(({ kind }) => kind);
    expect(kinds(unwatched)).toContain("newer-version");
    expect(kinds({ ...unwatched, policies })).not.toContain("newer-version");
    expect(kinds({ ...unwatched, approvals })).not.toContain("newer-version");
    expect(kinds({ ...unwatched, policies: policies.map((each) => ({ ...each, paused: true })) })).toContain(
      "newer-version",
    );
  });

  it("tells of a retraining that left the old version serving", () => {
    const failed = policies.map((each) => ({
      ...each,
      newest: each.newest === null ? null : { ...each.newest, state: "failed" as const },
    }));
    expect(needs({ ...nothing, policies: failed }, "dev").map(({ kind }) => kind)).toEqual(["cycle-ended"]);
  });

  it("asks for a champion where an environment has none", () => {
    expect(needs(unwatched, "prod").map(({ kind }) => kind)).toContain("no-champion");
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
      monitoring: { status: "crit", count: 1 },
      retraining: { status: "waiting", count: 1 },
    });
    expect(stageCounts(nothing, "dev")).toEqual({});
  });
});

describe("the loop", () => {
  it("is dotted from where the user is", () => {
    expect(stationOf("data", nothing, "dev")).toEqual({ status: "idle", span: "open" });
    expect(stationOf("data", { ...nothing, datasets: known.datasets.slice(0, 1) }, "dev").span).toBe("open");
    expect(stationOf("monitoring", unwatched, "dev")).toEqual({ status: "idle", span: "open" });
    expect(stationOf("deployments", unwatched, "dev").span).toBe("open");
  });

  it("moves where something runs and is held where a person decides", () => {
    expect(stationOf("experiments", full, "dev").span).toBe("moving");
    expect(stationOf("registry", full, "dev").span).toBe("held");
    expect(stationOf("monitoring", full, "dev")).toEqual({ status: "crit", span: "moving" });
    expect(stationOf("retraining", full, "dev")).toEqual({ status: "waiting", span: "held" });
  });
});

describe("the headline", () => {
  it("says that all is well, or what is open, decisions first", () => {
    expect(headline([], count, "en")).toBe("home.quiet:undefined");
    const open = [
      { kind: "quarantine", status: "warn" },
      { kind: "pipeline-failed", status: "crit" },
      { kind: "alert", status: "crit" },
      { kind: "approval", status: "waiting" },
    ] as const;
    expect(headline(open, count, "en")).toBe(
      "home.sentence:home.decisions:1, home.alerts:1, home.failures:1, and home.findings:1",
    );
  });
});

describe("the story", () => {
  it("is told of the deployment in alarm that a policy looks after", () => {
    expect(storyMonitor(full)?.name).toBe("churn");
    expect(storyMonitor({ ...full, policies: [], alerts: [] })?.name).toBe("churn");
    expect(storyMonitor(nothing)).toBeUndefined();
  });

  it("stands beside the deployment that kept its version, where there is one", () => {
    const [own] = monitors;
    expect(frozenTwin(own!, full)?.deployment.name).toBe("churn-frozen");
    expect(frozenTwin(own!, { ...full, policies: [] })).toBeUndefined();
  });

  it("says how long the repair took by event time", () => {
    const [waiting, repaired] = monitoringFixtures(now).cycles;
    expect(repairOf(waiting)?.tookMs).toBeNull();
    expect(repairOf(repaired)?.tookMs).toBe(8 * 86_400_000);
    expect(repairOf(undefined)).toBeUndefined();
  });
});

describe("activity", () => {
  it("folds what repeats and keeps the newest", () => {
    const [first] = known.events;
    const told = fold([first!, { ...first!, id: known.events[1]!.id }, known.events[1]!]);
    expect(told.map(({ times }) => times)).toEqual([2, 1]);
  });

  it("tells what comes all the time once, also where other things happened between", () => {
    const [first] = known.events;
    const truth = { ...first!, type: "deployments.truth-recorded" as const, data: {} };
    const other = { ...truth, subject: "/api/deployments/deployments/frozen" };
    const told = fold([truth, other, first!, truth, other, truth]);
    expect(told.map(({ times }) => times)).toEqual([3, 2, 1]);
    expect(eventStatus(truth)).toBe("idle");
  });

  it("tells what a station of a retraining did, in its own shape", () => {
    const [first] = known.events;
    const held = {
      ...first!,
      type: "retraining.cycle-advanced" as const,
      data: { step: "approved", state: "held", text: "Waits for a person" },
    };
    expect(nameIn(held)).toBe("Waits for a person");
    expect(eventStatus(held)).toBe("waiting");
    expect(eventStatus({ ...held, data: { state: "done" } })).toBe("ok");
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

  it("calls an alert by its sentence and tells a gate's verdict", () => {
    const [event] = known.events;
    const raised = { ...event!, type: "monitoring.alert-raised" as const, data: { title: "auc fell" } };
    expect(titleOf(raised)).toBe("auc fell");
    expect(eventStatus(raised)).toBe("crit");
    const judged = {
      ...event!,
      type: "registry.gate-judged" as const,
      subject: "/api/registry/gates/1",
      data: { passed: false, model: "churn", version: 3 },
    };
    expect(titleOf(judged)).toBe("churn v3");
    expect(eventStatus(judged)).toBe("blocked");
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
