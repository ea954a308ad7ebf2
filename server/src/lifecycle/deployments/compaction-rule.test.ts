import { expect, it } from "vitest";
import { orderSegments, type WaitingSegment } from "./compaction-rule.ts";

const now = new Date("2026-11-21T10:10:00.000Z");
const MIB = 2 ** 20;

function waiting(segment: string, minutes: number, bytes = 1000): WaitingSegment {
  return { gateway: "g1", segment, bytes, modifiedAt: new Date(now.getTime() - minutes * 60_000) };
}
const names = (orders: WaitingSegment[][]) => orders.map((order) => order.map(({ segment }) => segment));

it("waits for more while little has waited shortly", () => {
  expect(orderSegments([], now)).toEqual([]);
  expect(orderSegments([waiting("a", 4), waiting("b", 1)], now)).toEqual([]);
});

it("takes everything once one has waited five minutes, oldest first", () => {
  expect(names(orderSegments([waiting("b", 1), waiting("a", 5)], now))).toEqual([["a", "b"]]);
});

it("takes everything once there is much", () => {
  const much = [waiting("a", 0, 20 * MIB), waiting("b", 0, 20 * MIB)];
  expect(names(orderSegments(much, now))).toEqual([["a", "b"]]);
});

it("puts no more into an order than fits, but always one segment", () => {
  const large = [
    waiting("c", 9, 10 * MIB),
    waiting("a", 9, 50 * MIB),
    waiting("b", 9, 50 * MIB),
    waiting("d", 9, 900 * MIB),
  ];
  expect(names(orderSegments(large, now))).toEqual([["a"], ["b", "c"], ["d"]]);
});
