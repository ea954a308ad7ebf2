import { Trigger } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import type { WindowFact } from "../window-fact.ts";
import { type Evidence, lastTime, noticeOf, sayTrigger, TRIGGERS } from "./index.ts";

const estimate = (value: number, half = 0.01) => ({
  name: "auc",
  value,
  low: value - half,
  high: value + half,
  confidence: 0.95,
  method: null,
});

const moment = (
  now: number,
  { reference = 0.9, promised }: { reference?: number; promised?: number } = {},
) => ({
  metric: "auc",
  lessIsBetter: false,
  now: estimate(now),
  reference: estimate(reference),
  difference: estimate(now - reference, 0.015),
  ...(promised === undefined ? {} : { promised }),
});

const window = (day: number, changes: Partial<WindowFact> = {}): WindowFact => ({
  start: new Date(Date.UTC(2026, 2, day)),
  end: new Date(Date.UTC(2026, 2, day + 1)),
  title: `day ${day}`,
  rows: 500,
  labelled: 500,
  lagMs: 0,
  versions: [{ version: 1, rows: 500 }],
  drifted: [],
  predictionDrifted: false,
  metrics: [moment(0.9)],
  alarms: [],
  ...changes,
});

const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  windows: [],
  labelledSinceTraining: 0,
  now: new Date("2026-03-09T04:00:00Z"),
  consideredAt: new Date("2026-03-09T02:00:00Z"),
  ...changes,
});

const SETTINGS: Record<Trigger["on"], Trigger> = {
  drift: { on: "drift" },
  performance: { on: "performance", drop: 0.02, rows: 500 },
  labels: { on: "labels", rows: 5_000 },
  schedule: { on: "schedule", cron: "0 3 * * MON", zone: "UTC" },
};

describe.each(TRIGGERS.map(({ on }) => on))("trigger %s", (on) => {
  const settings = SETTINGS[on];

  it("says its condition in words that end no sentence", () => {
    expect(sayTrigger(settings)).toMatch(/^[a-z0-9].*[^.]$/);
  });

  it("has no reason where nothing was seen", () => {
    const quiet = evidence({ consideredAt: new Date("2026-03-09T03:30:00Z") });
    expect(noticeOf(settings, quiet)).toBeNull();
  });

  it("is one of the contract's triggers", () => {
    expect(Trigger.parse(settings)).toEqual(settings);
  });
});

describe("T1/performance", () => {
  it.each([
    [
      "notices a value below the reference beyond chance",
      moment(0.85),
      "auc was 0.850 (0.840 to 0.860) in day 2; the reference is 0.900 (0.890 to 0.910)",
    ],
    ["leaves a drop that chance explains", moment(0.87), null],
    ["leaves a better value", moment(0.95), null],
    [
      "notices where the promise of its own scores is broken too",
      moment(0.85, { promised: 0.9 }),
      "auc was 0.850 (0.840 to 0.860) in day 2; its scores promise 0.900, the reference is 0.900 (0.890 to 0.910)",
    ],
    ["leaves a hard window that its scores know to be hard", moment(0.85, { promised: 0.86 }), null],
    ["leaves scores that were too sure from the start", moment(0.9, { promised: 0.97 }), null],
  ])("T1/performance %s", (_, metric, reason) => {
    const notice = noticeOf(
      SETTINGS.performance,
      evidence({ windows: [window(3, { metrics: [] }), window(2, { metrics: [metric] })] }),
    );
    expect(notice?.reason ?? null).toBe(reason);
  });

  it("T1/performance looks at the newest window with truth alone", () => {
    const windows = [window(3), window(2, { metrics: [moment(0.7)] })];
    expect(noticeOf(SETTINGS.performance, evidence({ windows }))).toBeNull();
  });

  it("T1/performance calls a window of few rows too weak a reason", () => {
    const windows = [window(2, { rows: 336, labelled: 336, metrics: [moment(0.7)] })];
    expect(noticeOf(SETTINGS.performance, evidence({ windows }))).toMatchObject({
      reason: expect.stringContaining("auc was 0.700"),
      weak: "fewer than 500 rows with truth in a window are too few to replace a model by; give the monitor longer windows, or the trigger fewer rows",
    });
    const few = Trigger.parse({ on: "performance", rows: 300 });
    expect(noticeOf(few, evidence({ windows }))).not.toHaveProperty("weak");
  });

  it("T1/performance waits where more truth of a large window may still come", () => {
    const windows = [window(2, { rows: 900, labelled: 336, metrics: [moment(0.7)] })];
    expect(noticeOf(SETTINGS.performance, evidence({ windows }))).toBeNull();
  });

  it("T1/performance follows the metric that it names", () => {
    const windows = [window(2, { metrics: [moment(0.9), { ...moment(0.5), metric: "accuracy" }] })];
    const named = Trigger.parse({ on: "performance", metric: "accuracy" });
    expect(noticeOf(named, evidence({ windows }))?.reason).toContain("accuracy was 0.500");
  });
});

describe("T1/drift", () => {
  it("T1/drift names the columns that drifted in the newest window, and the predictions", () => {
    const windows = [window(3, { drifted: ["a", "b", "c", "d", "e"], predictionDrifted: true })];
    expect(noticeOf(SETTINGS.drift, evidence({ windows }))?.reason).toBe(
      "a, b, c and 2 more, and the predictions drifted in day 3",
    );
  });

  it("T1/drift leaves a drift that is over", () => {
    const windows = [window(3), window(2, { drifted: ["a"] })];
    expect(noticeOf(SETTINGS.drift, evidence({ windows }))).toBeNull();
  });
});

describe("T1/labels", () => {
  it.each([
    [4_999, null],
    [5_000, "5,000 rows with truth came since the training data was put together"],
  ])("T1/labels counts %i rows", (labelledSinceTraining, reason) => {
    expect(noticeOf(SETTINGS.labels, evidence({ labelledSinceTraining }))?.reason ?? null).toBe(reason);
  });
});

describe("T1/schedule", () => {
  it("T1/schedule is due once for each time of its expression, in its zone", () => {
    const monday = SETTINGS.schedule;
    expect(noticeOf(monday, evidence())?.reason).toBe("its schedule 0 3 * * MON (UTC) was due");
    expect(noticeOf(monday, evidence({ consideredAt: new Date("2026-03-09T03:00:00Z") }))).toBeNull();
    const hanoi = { cron: "0 3 * * MON", zone: "Asia/Ho_Chi_Minh" };
    expect(lastTime(hanoi, new Date("2026-03-09T04:00:00Z"))).toEqual(new Date("2026-03-08T20:00:00Z"));
  });

  it.each([
    ["every monday", "UTC"],
    ["0 3 * * MON", "Mars/Olympus"],
    ["0 0 3 * * MON", "UTC"],
  ])("T1/schedule refuses %s in %s", (cron, zone) => {
    expect(() => lastTime({ cron, zone }, new Date())).toThrow(
      expect.objectContaining({ code: "INVALID_FIELD", field: "settings.when" }),
    );
  });
});
