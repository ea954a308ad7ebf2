import { expect, it } from "vitest";
import { shifted } from "./event-span.ts";

it.each([
  ["2026-03-31T10:00:00.000Z", "month", -1, "2026-02-28T10:00:00.000Z"],
  ["2026-01-31T00:00:00.000Z", "1 month", 1, "2026-02-28T00:00:00.000Z"],
  ["2024-02-29T00:00:00.000Z", "year", 1, "2025-02-28T00:00:00.000Z"],
  ["2026-03-02T00:00:00.000Z", "week", -1, "2026-02-23T00:00:00.000Z"],
  ["2026-03-02T00:00:00.000Z", "day", 1, "2026-03-03T00:00:00.000Z"],
  ["2026-03-02T00:00:00.000Z", "36 h", 1, "2026-03-03T12:00:00.000Z"],
] as const)("moves %s by a %s in direction %i", (from, span, direction, to) => {
  expect(shifted(new Date(from), span, direction).toISOString()).toBe(to);
});

it("refuses what is no length of time", () => {
  expect(() => shifted(new Date(), "a while", 1)).toThrow(expect.objectContaining({ code: "INVALID_FIELD" }));
});
