import { expect, it } from "vitest";
import { chooseSegments, type WaitingSegment } from "./compaction-rule.ts";

const now = new Date("2026-11-21T10:10:00.000Z");
const MIB = 2 ** 20;

function waiting(segment: string, minutes: number, bytes = 1000): WaitingSegment {
  return { gateway: "g1", segment, bytes, modifiedAt: new Date(now.getTime() - minutes * 60_000) };
}
const names = (segments: WaitingSegment[]) => segments.map(({ segment }) => segment);

it("waits for more while little has waited shortly", () => {
  expect(chooseSegments([], now)).toEqual([]);
  expect(chooseSegments([waiting("a", 4), waiting("b", 1)], now)).toEqual([]);
});

it("takes everything once one has waited five minutes, oldest first", () => {
  expect(names(chooseSegments([waiting("b", 1), waiting("a", 5)], now))).toEqual(["a", "b"]);
});

it("takes everything once there is much", () => {
  expect(names(chooseSegments([waiting("a", 0, 20 * MIB), waiting("b", 0, 20 * MIB)], now))).toEqual([
    "a",
    "b",
  ]);
});

it("takes no more at once than fits, but always one", () => {
  const large = [waiting("a", 9, 100 * MIB), waiting("b", 9, 100 * MIB), waiting("c", 9, 10 * MIB)];
  expect(names(chooseSegments(large, now))).toEqual(["a", "c"]);
  expect(names(chooseSegments([waiting("a", 9, 900 * MIB)], now))).toEqual(["a"]);
});
