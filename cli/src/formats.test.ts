import { expect, it } from "vitest";
import { bytes, duration, pace } from "./formats.ts";

it("writes sizes and spans as people read them", () => {
  expect([0, 1536, 1024 ** 3].map(bytes)).toEqual(["0 B", "1.5 KiB", "1.0 GiB"]);
  expect([400, 12_400, 185_000, 7_800_000].map(duration)).toEqual([
    "0.4 s",
    "12.4 s",
    "3 min 5 s",
    "2 h 10 min",
  ]);
});

it("tells amount, rate and time left", () => {
  const progress = { done: 2048, total: 8192, unit: "bytes" };
  expect(pace("sending", progress, { startedAt: 0, now: 2000 })).toBe(
    "sending  2.0 KiB of 8.0 KiB  1.0 KiB/s  6.0 s left",
  );
});
