import { expect, it } from "vitest";
import { lateSpan, touchedSpans } from "./touched-spans.ts";

const HOUR = 3_600_000;
const at = (hour: number) => new Date(hour * HOUR);

it("joins times that are near and keeps apart what is not", () => {
  expect(touchedSpans([5 * HOUR, 0, 0.5 * HOUR, 24 * HOUR])).toEqual([
    { firstMs: 0, lastMs: 0.5 * HOUR },
    { firstMs: 5 * HOUR, lastMs: 5 * HOUR },
    { firstMs: 24 * HOUR, lastMs: 24 * HOUR },
  ]);
  expect(touchedSpans([])).toEqual([]);
});

it("never gives more spans than are kept, and covers every time", () => {
  const times = Array.from({ length: 5000 }, (_, day) => day * 24 * HOUR);
  const spans = touchedSpans(times);
  expect(spans.length).toBeLessThanOrEqual(200);
  expect(times.every((time) => spans.some(({ firstMs, lastMs }) => firstMs <= time && time <= lastMs))).toBe(
    true,
  );
});

it("calls late what lies before the watermark, and only that part", () => {
  const logged = { firstOccurredAt: at(2), lastOccurredAt: at(9) };
  expect(lateSpan(logged, null)).toBeNull();
  expect(lateSpan(logged, at(2))).toBeNull();
  expect(lateSpan(logged, at(5))).toEqual({ firstAt: at(2), lastAt: at(5) });
  expect(lateSpan(logged, at(20))).toEqual({ firstAt: at(2), lastAt: at(9) });
});
