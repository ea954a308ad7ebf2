import { expect, it } from "vitest";
import { closedUntil, reachedTime } from "./watermark-rule.ts";

const at = (text: string) => new Date(text);

it.each([
  ["nothing", null, null, "2026-11-21T10:00:00Z", null],
  [
    "a live stream that speaks",
    "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:01Z",
    "2026-11-21T10:00:30Z",
    "2026-11-21T10:00:00Z",
  ],
  [
    "a live stream that is silent",
    "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:01Z",
    "2026-11-21T12:00:01Z",
    "2026-11-21T12:00:00Z",
  ],
  [
    "history that is replayed",
    "2016-11-21T10:00:00Z",
    "2026-11-21T10:00:01Z",
    "2026-11-21T12:00:01Z",
    "2016-11-21T10:00:00Z",
  ],
])("knows how far %s has come", (_, occurred, received, now, reached) => {
  const times = {
    lastOccurredAt: occurred === null ? null : at(occurred),
    lastReceivedAt: received === null ? null : at(received),
  };
  expect(reachedTime(times, at(now))).toEqual(reached === null ? null : at(reached));
});

it("holds windows open for the lateness", () => {
  expect(closedUntil(at("2026-11-21T10:00:00Z"), "90 min")).toEqual(at("2026-11-21T08:30:00Z"));
});
