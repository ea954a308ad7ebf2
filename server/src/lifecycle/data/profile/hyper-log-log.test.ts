import { describe, expect, it } from "vitest";
import { addBytes, addWords, createSketch, estimateDistinct } from "./hyper-log-log.ts";

const SIZES = [0, 1, 10, 999, 5_000, 40_000, 50_000, 300_000, 2_000_000];

function ofNumbers(count: number, value: (n: number) => number): number {
  const sketch = createSketch();
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  for (let n = 0; n < count; n++) {
    double[0] = value(n);
    addWords(sketch, words[0]!, words[1]!);
  }
  return estimateDistinct(sketch);
}

function ofTexts(count: number, text: (n: number) => string): number {
  const sketch = createSketch();
  for (let n = 0; n < count; n++) {
    const bytes = Buffer.from(text(n));
    addBytes(sketch, bytes, { from: 0, to: bytes.length });
  }
  return estimateDistinct(sketch);
}

describe("the estimate of distinct values", () => {
  // Three standard errors; up to a thousand values closer, for there the exact count is decided on.
  const near = (size: number) => Math.max(size * (size <= 1_000 ? 0.01 : 0.03), 1);

  it.each(SIZES)(
    "D4/distinct is near %i for whole numbers, fractions and doubles of one part of their range",
    (size) => {
      expect(Math.abs(ofNumbers(size, (n) => n) - size)).toBeLessThanOrEqual(near(size));
      expect(Math.abs(ofNumbers(size, (n) => n / 7) - size)).toBeLessThanOrEqual(near(size));
      expect(Math.abs(ofNumbers(size, (n) => 1.7e12 + n * 1000) - size)).toBeLessThanOrEqual(near(size));
    },
  );

  it.each(SIZES.filter((size) => size <= 300_000))("D4/distinct is near %i for texts", (size) => {
    expect(Math.abs(ofTexts(size, (n) => `customer ${n}`) - size)).toBeLessThanOrEqual(near(size));
    expect(Math.abs(ofTexts(size, (n) => n.toString(36).padStart(12, "_")) - size)).toBeLessThanOrEqual(
      near(size),
    );
  });

  it("does not count a value twice", () => {
    expect(ofNumbers(100_000, (n) => n % 37)).toBe(37);
    expect(ofTexts(50_000, (n) => `color ${n % 5}`)).toBe(5);
  });
});
