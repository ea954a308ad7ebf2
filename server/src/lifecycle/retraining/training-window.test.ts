import { PolicySettings } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { chooseTraining, type TrainingSituation } from "./training-window.ts";
import type { WindowFact } from "./window-fact.ts";

const at = (day: number) => new Date(Date.UTC(2026, 2, day));
const figure = (value: number) => ({
  name: "auc",
  value,
  low: null,
  high: null,
  confidence: null,
  method: null,
});

const window = (day: number, auc = 0.88, labelled = 500): WindowFact => ({
  start: at(day),
  end: at(day + 1),
  title: `day ${day}`,
  rows: labelled,
  labelled,
  lagMs: 0,
  versions: [],
  drifted: [],
  predictionDrifted: false,
  metrics: [
    {
      metric: "auc",
      lessIsBetter: false,
      now: figure(auc),
      reference: figure(0.9),
      difference: figure(auc - 0.9),
    },
  ],
  alarms: [],
});

const choose = (
  labelled: readonly WindowFact[],
  changes: Partial<TrainingSituation> & { window?: string } = {},
) => {
  const [judging] = labelled;
  if (judging === undefined) throw new Error("a window judges");
  const { window: span = "auto", ...rest } = changes;
  const { data } = PolicySettings.parse({ retrain: "churn", data: { window: span } });
  return chooseTraining({ data, judging, labelled, trainedUntil: null, learnedFrom: null, ...rest });
};

describe("chooseTraining", () => {
  it("T2/window takes every row and holds the newest window out", () => {
    expect(choose([window(5), window(4), window(3)])).toEqual({
      kind: "rows",
      from: null,
      until: at(5),
      judging: { start: at(5), end: at(6), rows: { window: "day 5", half: false } },
      what: { of: "all", bound: null, half: null },
    });
  });

  it("T2/window takes only rows since the change where old ones teach the opposite", () => {
    expect(choose([window(5, 0.3), window(4, 0.35), window(3), window(2)])).toMatchObject({
      from: at(4),
      until: at(5),
      what: { of: "since", bound: "day 4", half: null },
    });
  });

  it("T2/window keeps every row where the version aged and did not lose its skill", () => {
    expect(choose([window(5, 0.75), window(4, 0.78), window(3)])).toMatchObject({
      from: null,
      what: { of: "all", bound: null, half: null },
    });
  });

  it("T2/window cuts the judging window in two where nothing else is new to what serves", () => {
    const noon = new Date("2026-03-05T12:00:00Z");
    expect(choose([window(5, 0.3), window(4)])).toMatchObject({
      from: at(5),
      until: noon,
      judging: { start: noon, end: at(6), rows: { window: "day 5", half: true } },
    });
    expect(choose([window(5), window(4)], { trainedUntil: at(5) })).toMatchObject({
      from: null,
      until: noon,
    });
  });

  it("waits where too few rows are new", () => {
    expect(choose([window(5, 0.3, 120), window(4)])).toMatchObject({
      kind: "wait",
      why: { says: "awaits-rows", rows: 60, needed: 200 },
    });
  });

  it("leaves out what the version that serves left out", () => {
    expect(choose([window(9), window(8)], { learnedFrom: at(3), trainedUntil: at(5) })).toMatchObject({
      from: at(3),
      what: { of: "since", bound: "2026-03-03", half: null },
    });
  });

  it("T2/window takes a span where one is given", () => {
    expect(choose([window(9), window(8)], { window: "3 days" })).toMatchObject({
      from: at(7),
      what: { of: "last", bound: "3 days", half: null },
    });
  });

  it("takes a regression's error that tripled for a change", () => {
    const rmse = (day: number, value: number): WindowFact => ({
      ...window(day),
      metrics: [
        { metric: "rmse", lessIsBetter: true, now: figure(value), reference: figure(10), difference: null },
      ],
    });
    expect(choose([rmse(5, 35), rmse(4, 31), rmse(3, 11)])).toMatchObject({ from: at(4) });
    expect(choose([rmse(5, 15), rmse(4, 14), rmse(3, 11)])).toMatchObject({ from: null });
  });
});
