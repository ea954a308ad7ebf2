import { describe, expect, it } from "vitest";
import { drawnBins, drawnCategories } from "./column-shape.ts";
import { heatStep, heatText } from "./heat.ts";

const added = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const medians = { current: null, reference: null };

describe("a numeric column's picture", () => {
  it("keeps bins of one width as they are", () => {
    const bins = drawnBins({
      kind: "numeric",
      edges: [0, 10, 20],
      current: [1, 3],
      reference: [2, 2],
      medians,
    });
    expect(bins).toEqual([
      { from: 0, to: 10, current: 0.25, reference: 0.5 },
      { from: 10, to: 20, current: 0.75, reference: 0.5 },
    ]);
  });

  it("lays quantile bins out anew over one width and loses no row", () => {
    const edges = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256];
    const bins = drawnBins({
      kind: "numeric",
      edges,
      current: [1, 1, 1, 1, 1, 1, 1, 1, 12],
      reference: [9, 1, 1, 1, 1, 1, 1, 1, 1],
      medians,
    });
    const widths = bins.map(({ from, to }) => to - from);
    expect(Math.max(...widths) / Math.min(...widths)).toBeCloseTo(1, 9);
    expect(added(bins.map(({ current }) => current))).toBeCloseTo(1, 9);
    expect(added(bins.map(({ reference }) => reference))).toBeCloseTo(1, 9);
  });

  it("draws a column that holds one value only", () => {
    const bins = drawnBins({ kind: "numeric", edges: [5, 5], current: [7], reference: [9], medians });
    expect(bins).toEqual([{ from: 5, to: 5, current: 1, reference: 1 }]);
  });
});

describe("a text column's picture", () => {
  it("shows the most frequent values of either side and counts the rest as other", () => {
    const shape = {
      kind: "categorical" as const,
      values: [
        { value: "a", current: 0, reference: 50 },
        { value: "b", current: 60, reference: 30 },
        { value: "c", current: 30, reference: 10 },
      ],
      other: { current: 10, reference: 10 },
    };
    const drawn = drawnCategories(shape, 2);
    expect(drawn.map(({ value }) => value)).toEqual(["b", "a", null]);
    expect(added(drawn.map(({ current }) => current))).toBeCloseTo(1, 9);
    expect(drawn[2]).toEqual({ value: null, current: 0.4, reference: 0.2 });
  });
});

describe("a heat cell", () => {
  it.each([
    [0.05, 0, "·"],
    [0.1, 1, ".10"],
    [0.28, 2, ".28"],
    [0.99, 3, ".99"],
    [1, 4, "1.0"],
    [12.34, 4, "12"],
  ])("of psi %d has step %d and says %s", (psi, step, text) => {
    expect(heatStep(psi)).toBe(step);
    expect(heatText(psi, ".")).toBe(text);
  });

  it("writes the decimals of the reader", () => {
    expect(heatText(0.28, ",")).toBe(",28");
  });
});
