import { type Cycle, PolicySettings } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { deliveryOf } from "./delivery.ts";
import { choiceOf, policyCommand, readChoice } from "./policy-choice.ts";

const DAY = 86_400_000;
const start = Date.parse("2026-01-05T00:00:00.000Z");
const iso = (at: number) => new Date(at).toISOString();

/** A cycle that noticed at day `noticed` and switched so many days later. */
const cycle = (noticed: number, days: number | null, state: Cycle["state"]) =>
  ({
    state,
    startedAt: iso(start),
    noticedAt: iso(start + noticed * DAY),
    switchedAt: days === null ? null : iso(start + (noticed + days) * DAY),
    steps: days === null ? [] : [{ name: "switched", state: "done", endedAt: iso(start + 60_000 * days) }],
  }) as Cycle; // the figures read no other field

describe("what the loop delivered", () => {
  it("is told by both clocks, as the median of the cycles that switched", () => {
    const found = deliveryOf([
      cycle(0, 2, "confirmed"),
      cycle(10, 4, "rolled-back"),
      cycle(20, 9, "watching"),
      cycle(30, null, "refused"),
    ]);
    expect(found).toEqual({
      cycles: 4,
      switched: 3,
      toRepairMs: 4 * DAY,
      onClockMs: 4 * 60_000,
      ended: 3,
      confirmed: 1,
      rolledBack: 1,
    });
  });

  it("says nothing of repairs while none was made", () => {
    expect(deliveryOf([cycle(0, null, "failed")])).toMatchObject({ toRepairMs: null, onClockMs: null });
  });
});

describe("the form of a policy", () => {
  it("begins with the defaults of the schema, and asks for exactly them when nothing is changed", () => {
    const read = readChoice({ ...choiceOf(undefined), retrain: "churn" });
    expect(read).toEqual({ settings: PolicySettings.parse({ retrain: "churn" }) });
  });

  it("keeps what it does not show when a rule is changed", () => {
    const before = PolicySettings.parse({
      retrain: "churn",
      params: { seed: 3 },
      gate: [{ rule: "rows", least: 500 }],
      when: [{ on: "performance", metric: "accuracy", drop: 0.05, rows: 300 }],
    });
    const read = readChoice({ ...choiceOf(before), window: "8 weeks" }, before);
    expect(read).toEqual({ settings: { ...before, data: { ...before.data, window: "8 weeks" } } });
  });

  it("names each field that the schema refuses", () => {
    const read = readChoice({
      ...choiceOf(undefined),
      retrain: "churn",
      drop: "much",
      cooldown: "soon",
      trainings: "0",
      window: "some",
    });
    expect("wrong" in read ? Object.keys(read.wrong).sort() : []).toEqual([
      "cooldown",
      "drop",
      "trainings",
      "window",
    ]);
  });

  it("says the same as a command, and leaves out what is as it is", () => {
    const choice = { ...choiceOf(undefined), deployment: "churn", retrain: "churn" };
    expect(policyCommand(choice)).toBe("retraining create churn --pipeline churn");
    expect(
      policyCommand({
        ...choice,
        drift: true,
        schedule: true,
        cooldown: "3 days",
        approveBy: "person",
        notify: ["ml-ops"],
      }),
    ).toBe(
      'retraining create churn --pipeline churn --when "performance,drift,cron:0 3 * * MON" --cooldown "3 days" --approve person --notify ml-ops',
    );
  });
});
