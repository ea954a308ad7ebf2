import { expect, it } from "vitest";
import { chooseJudgingWindow } from "./judging-window.ts";
import { isSettled, type WindowFact } from "./window-fact.ts";

const at = (day: number) => new Date(Date.UTC(2026, 2, day));
const DAY_MS = 86_400_000;

const window = (day: number, labelled = 500, lagMs: number | null = 0): WindowFact => ({
  start: at(day),
  end: at(day + 1),
  title: `day ${day}`,
  rows: 500,
  labelled,
  lagMs,
  versions: [],
  drifted: [],
  predictionDrifted: false,
  metrics:
    labelled < 50
      ? []
      : [
          {
            metric: "auc",
            lessIsBetter: false,
            now: { name: "auc", value: 0.9, low: null, high: null, confidence: null, method: null },
            reference: null,
            difference: null,
          },
        ],
  alarms: [],
});

const choose = (windows: readonly WindowFact[], changes: { trainedUntil?: Date; shownBy?: Date } = {}) =>
  chooseJudgingWindow({ windows, watermark: at(9), trainedUntil: null, shownBy: null, ...changes });

it.each([
  ["nearly every row has its truth", window(5, 450), at(6), true],
  ["early truth alone has come", window(5, 200, DAY_MS), at(7), false],
  ["what truth there is has come long ago", window(5, 200, DAY_MS), at(8), true],
  ["no truth has come", window(5, 0, null), at(30), false],
])("counts a window as settled by how far its truth has come: %s", (_, fact, watermark, settled) => {
  expect(isSettled(fact, watermark)).toBe(settled);
});

it("T3/train judges by the newest window whose truth has come", () => {
  expect(choose([window(8, 20), window(7), window(6)])).toMatchObject({
    kind: "window",
    window: { title: "day 7" },
  });
});

it("T3/train waits for the truth of the window that showed the reason", () => {
  expect(choose([window(8, 20), window(7)], { shownBy: at(8) })).toEqual({
    kind: "wait",
    why: { says: "awaits-truth", window: "day 8", labelled: 20, rows: 500 },
  });
});

it("T3/train never judges by rows that the serving version has learned from", () => {
  expect(choose([window(7), window(6)], { trainedUntil: at(8) })).toMatchObject({ kind: "wait" });
  expect(choose([window(8), window(7)], { trainedUntil: at(8) })).toMatchObject({ kind: "window" });
});

it("waits where there is no window at all", () => {
  expect(choose([])).toEqual({
    kind: "wait",
    why: { says: "awaits-truth", window: null, labelled: 0, rows: 0 },
  });
});
