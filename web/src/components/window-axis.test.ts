import { describe, expect, it } from "vitest";
import { fanOut, niceRange, placeIn } from "./plot.ts";
import { shortTitle, titleStep, windowAxis } from "./window-axis.ts";

const week = (number: number, from: string, until: string) => ({
  start: `${from}T00:00:00.000Z`,
  end: `${until}T00:00:00.000Z`,
  title: `2017-W${number}`,
});
const weeks = [
  week(27, "2017-07-03", "2017-07-10"),
  week(28, "2017-07-10", "2017-07-17"),
  week(30, "2017-07-24", "2017-07-31"),
];

describe("windows in columns", () => {
  it("stand side by side, with one empty column where windows are missing", () => {
    const axis = windowAxis(weeks);
    expect(axis.slots.map(({ x }) => x)).toEqual([0.5, 1.5, 3.5]);
    expect(axis.width).toBe(4);
  });

  it("follow each other when they are cut by count", () => {
    expect(windowAxis(weeks, { byCount: true }).width).toBe(3);
  });

  it("give every moment its place inside its window, in the gap, or at the ends", () => {
    const { at } = windowAxis(weeks);
    expect(at(Date.parse("2017-07-13T12:00:00.000Z"))).toBe(1.5);
    expect(at(Date.parse("2017-07-20T00:00:00.000Z"))).toBe(2.5);
    expect(at(Date.parse("2016-01-01T00:00:00.000Z"))).toBe(0);
    expect(at(Date.parse("2018-01-01T00:00:00.000Z"))).toBe(4);
  });

  it.each([
    ["2017-07", "17-07"],
    ["2017-W29", "W29"],
    ["29 Jul 2017", "29 Jul"],
    ["rows 5,001 to 6,000", "5,001"],
  ])("%s is short as %s", (title, short) => {
    expect(shortTitle(title)).toBe(short);
  });

  it("leave titles out where they would touch", () => {
    expect(titleStep(["17-07"], 44)).toBe(1);
    expect(titleStep(["W31"], 25)).toBe(2);
    expect(titleStep(["17-07"], 14)).toBe(3);
  });
});

describe("a plot", () => {
  it("has round ends that hold every value", () => {
    expect(niceRange([0.771, 0.906])).toEqual({ low: 0.75, high: 0.95, step: 0.05 });
    expect(niceRange([])).toEqual({ low: 0, high: 1, step: 0.5 });
    expect(niceRange([5, 5]).low).toBeLessThan(5);
  });

  it("places positions and values in its box", () => {
    const plot = { left: 10, right: 10, top: 5, bottom: 5, from: 0, to: 4, low: 0, high: 1, step: 0.5 };
    const { x, y } = placeIn(plot, { width: 100, height: 50 });
    expect([x(0), x(4), y(0), y(1)]).toEqual([10, 90, 45, 5]);
  });

  it("moves names apart and keeps them inside", () => {
    expect(
      fanOut(
        [
          { at: 10, wide: 30 },
          { at: 12, wide: 30 },
          { at: 95, wide: 30 },
        ],
        { from: 0, to: 100 },
      ),
    ).toEqual([10, 40, 70]);
  });
});
