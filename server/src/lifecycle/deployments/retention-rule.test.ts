import { expect, it } from "vitest";
import { retentionCutoff } from "./retention-rule.ts";

const now = new Date("2026-11-21T10:00:00Z");
const days = 30;

it("counts back from the clock where the log is fed by what happens now, also when it fell silent", () => {
  const lastOccurredAt = new Date("2026-11-01T10:00:00Z");
  const lastReceivedAt = new Date("2026-11-01T10:00:01Z");
  expect(retentionCutoff({ lastOccurredAt, lastReceivedAt, days, now })).toEqual(
    new Date("2026-10-22T10:00:00Z"),
  );
});

it("counts back from the watermark where history is replayed", () => {
  const lastOccurredAt = new Date("2017-08-31T00:00:00Z");
  expect(retentionCutoff({ lastOccurredAt, lastReceivedAt: now, days, now })).toEqual(
    new Date("2017-08-01T00:00:00Z"),
  );
});

it("forgets nothing of an empty log", () => {
  expect(retentionCutoff({ lastOccurredAt: null, lastReceivedAt: null, days, now })).toBeNull();
});
