import { describe, expect, it } from "vitest";
import { fixtures } from "../../../testing/fixtures.ts";
import { compareRows } from "./run-comparison.ts";
import { bestRun, bestValue, filterProblems, filterRuns, headMetric, metricNames } from "./run-metrics.ts";

const { runs } = fixtures(new Date("2026-11-21T12:00:00.000Z"));
const names = (filter: string) => filterRuns(runs, filter).map(({ name }) => name);

describe("metrics", () => {
  it("judge by what people judge by, on unseen rows before training rows", () => {
    const [metric] = runs[0]!.metrics;
    const named = (...all: string[]) => headMetric(all.map((name) => ({ ...metric!, name })))?.name;
    expect(named("train.auc", "valid.auc", "rows")).toBe("valid.auc");
    expect(named("zebra", "loss")).toBe("loss");
    expect(named()).toBeUndefined();
  });

  it("are best at their greatest, losses at their least", () => {
    const [auc, loss] = runs[0]!.metrics;
    expect(bestValue(auc!)).toBe(auc!.max);
    expect(bestValue(loss!)).toBe(loss!.min);
    expect(bestRun(runs)?.run.name).toBe("deep");
    expect(metricNames(runs)[0]).toBe("valid.auc");
  });
});

describe("the filter", () => {
  it.each([
    ["deep", ["deep"]],
    ["metrics.valid.auc > 0.844", ["small", "deep"]],
    ["params.learning_rate = 0.05 and params.trees = '500'", ["recent-6"]],
    ["params.learning_rate = 0.050 and recent", ["recent-6"]],
    ["attributes.status = failed", ["small"]],
    ["metrics.gone > 0", []],
    ["tags.`causeway.step` = train and attributes.run_name != slow and wide", ["wide"]],
  ])("%s finds %j", (filter, expected) => {
    expect(names(filter)).toEqual(expected);
  });

  it("says what it does not understand and shows nothing in its place", () => {
    expect(filterProblems("metrics.auc >")).toEqual(["metrics.auc >"]);
    expect(names("metrics.auc >")).toEqual([]);
    expect(filterProblems("metrics.auc > 1")).toEqual([]);
  });
});

describe("comparison", () => {
  const rows = compareRows(runs.slice(0, 3), runs[0]);

  it("hides nothing that differs and marks the best by word", () => {
    const auc = rows.find(({ name, aspect }) => name === "valid.auc" && aspect === "best");
    expect(auc?.cells.map(({ best }) => best)).toEqual([false, false, true]);
    expect(rows.find(({ name }) => name === "seed")?.differs).toBe(false);
  });

  it("shades what is not as in the baseline", () => {
    const rate = rows.find(({ name }) => name === "learning_rate");
    expect(rate?.cells.map(({ differs }) => differs)).toEqual([false, true, false]);
  });

  it("names no best among equals", () => {
    const same = compareRows([runs[0]!, runs[0]!], runs[0]);
    expect(same.some(({ cells }) => cells.some(({ best }) => best))).toBe(false);
  });
});
