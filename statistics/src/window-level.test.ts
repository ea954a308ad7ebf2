import { expect, it } from "vitest";
import { windowLevel } from "./window-level.ts";

const falseAlarms = 0.01;

it("starts at nine tenths of the budget and stays there however long nothing happens", () => {
  expect(windowLevel({ falseAlarms, history: [] })).toBeCloseTo(0.009, 12);
  expect(windowLevel({ falseAlarms, history: new Array(900).fill(false) })).toBeCloseTo(0.009, 12);
});

it("rises after an alarm and falls back", () => {
  const after = (quiet: number) =>
    windowLevel({ falseAlarms, history: [true, ...new Array(quiet).fill(false)] });
  expect(after(0)).toBeCloseTo(0.009 + 0.1 * (6 / Math.PI ** 2), 12);
  expect(after(1)).toBeLessThan(after(0));
  expect(after(100)).toBeCloseTo(0.009, 4);
});

it("expects the budget over a long stable stream, alarms and what they repay together", () => {
  // Each alarm adds a tenth of an alarm in all windows after it: 0.9 b / (1 - 0.1) = b.
  const added = windowLevel({ falseAlarms: 0, history: new Array(100_000).fill(true) });
  expect((0.9 * falseAlarms) / (1 - added)).toBeCloseTo(falseAlarms, 5);
});

it("never passes 1", () => {
  expect(windowLevel({ falseAlarms: 0.99, history: new Array(500).fill(true) })).toBeLessThanOrEqual(1);
});
