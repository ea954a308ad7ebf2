import { describe, expect, it } from "vitest";
import { bestOf, downsample, drawable, lowerIsBetter, runLook, smooth } from "./chart-series.ts";
import { edgePath } from "./edge-path.ts";
import { spreadLabels } from "./end-labels.ts";
import { sparkPoints } from "./spark.tsx";
import { timeTicks } from "./time-bars.ts";

describe("lines", () => {
  it("keep the values as they are without smoothing, and end near their level with it", () => {
    const steps: [number, number][] = Array.from({ length: 50 }, (_, step) => [step, step < 1 ? 0 : 1]);
    expect(smooth(steps, 0)).toEqual(steps);
    expect(smooth(steps, 0.6).at(-1)?.[1]).toBeCloseTo(1, 6);
  });

  it("begin at their first value whatever the smoothing, because the bias is taken out", () => {
    expect(smooth([[0, 5]], 0.9)[0]?.[1]).toBeCloseTo(5, 12);
  });

  it("count what cannot be drawn and never join over it", () => {
    const drawn = drawable([
      [0, 1],
      [1, "NaN"],
      [2, "Infinity"],
      [3, 2],
    ]);
    expect(drawn).toEqual({
      points: [
        [0, 1],
        [3, 2],
      ],
      dropped: 2,
    });
  });

  it("lose no extreme when they are thinned", () => {
    const points: [number, number][] = Array.from({ length: 20_000 }, (_, x) => [x, Math.sin(x / 700)]);
    points[12_345] = [12_345, 9];
    points[777] = [777, -9];
    const kept = downsample(points, 1_000);
    expect(kept.length).toBeLessThanOrEqual(1_000);
    expect(bestOf(kept, "highest")).toEqual([12_345, 9]);
    expect(bestOf(kept, "lowest")).toEqual([777, -9]);
    expect(kept[0]).toEqual(points[0]);
    expect(kept.at(-1)).toEqual(points.at(-1));
  });

  it("know which metrics are better when smaller", () => {
    expect(["valid.logloss", "rmse", "train_error", "p99 latency"].every(lowerIsBetter)).toBe(true);
    expect(["valid.auc", "accuracy", "r2"].some(lowerIsBetter)).toBe(false);
  });

  it("look different for the first ten runs and are grey from then on", () => {
    const looks = Array.from({ length: 12 }, (_, index) => runLook(index)).map(
      ({ token, dashed }) => `${token}${dashed}`,
    );
    expect(new Set(looks.slice(0, 10)).size).toBe(10);
    expect(looks[11]).toBe("ink-3false");
  });
});

describe("names at line ends", () => {
  it("never cover each other and stay inside the plot", () => {
    const ends = ["a", "b", "c", "d"].map((name) => ({ name, x: 100, y: 148 }));
    const ys = spreadLabels(ends, { top: 10, bottom: 150 }).map(({ labelY }) => labelY);
    for (const [index, y] of ys.entries()) expect(y - (ys[index - 1] ?? -100)).toBeGreaterThanOrEqual(13);
    expect(Math.max(...ys)).toBeLessThanOrEqual(150);
  });

  it("stay where they are when there is room", () => {
    const [only] = spreadLabels([{ name: "a", x: 1, y: 80 }], { top: 10, bottom: 150 });
    expect(only?.labelY).toBe(80);
  });
});

describe("paths and marks", () => {
  it("draw a level edge straight and round the corners of any other", () => {
    expect(
      edgePath(
        [
          { x: 0, y: 5 },
          { x: 40, y: 5 },
        ],
        20,
      ),
    ).toBe("M0 5L40 5");
    expect(
      edgePath(
        [
          { x: 0, y: 5 },
          { x: 40, y: 65 },
        ],
        20,
      ),
    ).toContain("Q30 5");
  });

  it("keep sparks inside their box and leave out what is not finite", () => {
    const points = sparkPoints([1, Number.NaN, 5, 3], { width: 84, height: 22 });
    expect(points).toHaveLength(3);
    for (const [x, y] of points) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(84);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(22);
    }
    expect(sparkPoints([], { width: 84, height: 22 })).toEqual([]);
  });

  it("mark time at round moments, at most six of them", () => {
    expect(timeTicks(20_650)).toEqual([0, 5_000, 10_000, 15_000, 20_000]);
    for (const length of [700, 9_000, 61_000, 3_700_000, 90_000_000, 10 ** 10]) {
      expect(timeTicks(length).length).toBeLessThanOrEqual(6);
    }
  });
});
