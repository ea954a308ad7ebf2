import { type Cycle, PolicySettings } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { deliveryOf } from "./delivery.ts";
import { choiceOf, readChoice } from "./policy-choice.ts";
import { policyCommand } from "./policy-command.ts";
import { newRule } from "./policy-rule.ts";

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

  it("shows every setting, and keeps what a form cannot show", () => {
    const before = PolicySettings.parse({
      retrain: "churn",
      param: "rows",
      target: "Churn",
      params: { seed: 3, kind: "tree", text: "3", layers: [64, 32] },
      gate: [
        { rule: "better", metric: "auc", by: 0.01, confidence: 0.9 },
        { rule: "not-worse", metric: "brier" },
        { rule: "at-least", metric: "recall", value: 0.6, slice: "Contract" },
        { rule: "agrees", mean: 0.1, golden: 0.9 },
        { rule: "rows", least: 500 },
      ],
      when: [
        { on: "performance", metric: "accuracy", drop: 0.05, rows: 300 },
        { on: "labels", rows: 900 },
        { on: "performance", metric: "auc", drop: 0.1 },
      ],
      cooldown: "3 days",
      budget: { trainings: 4, per: "week" },
      data: { window: "8 weeks", leastRows: 900 },
      refit: false,
      approve: { by: "person", fourEyes: true, expiresAfter: "2 days" },
      alias: "next",
      confirm: { windows: 3 },
      notify: ["ml-ops"],
    });
    expect(readChoice(choiceOf(before), before)).toEqual({ settings: before });
    const alone = readChoice(choiceOf(before));
    expect(alone).toEqual({ settings: { ...before, when: before.when.slice(0, 2) } });
    const dropped = readChoice({ ...choiceOf(before), performance: false }, before);
    expect("settings" in dropped ? dropped.settings.when : []).toEqual([{ on: "labels", rows: 900 }]);
  });

  it("names each field that the schema refuses", () => {
    const read = readChoice({
      ...choiceOf(undefined),
      retrain: "churn",
      drop: "much",
      cooldown: "soon",
      trainings: "0",
      window: "some",
      params: "seed 3",
      truthRows: "0",
      gate: [newRule("rows", "a"), { ...newRule("better", "b"), metric: "Auc!" }],
    });
    expect("wrong" in read ? Object.keys(read.wrong).sort() : []).toEqual([
      "cooldown",
      "drop",
      "gate.1",
      "params",
      "trainings",
      "truthRows",
      "window",
    ]);
  });

  it("says the same as a command, and leaves out what is as it is", () => {
    const choice = { ...choiceOf(undefined), deployment: "churn", retrain: "churn" };
    expect(policyCommand(choice)).toEqual({
      command: "retraining create churn --pipeline churn",
      file: undefined,
    });
    expect(
      policyCommand({
        ...choice,
        drift: true,
        schedule: true,
        zone: "Asia/Ho_Chi_Minh",
        target: "Churn",
        cooldown: "3 days",
        gate: [{ ...newRule("at-least", "a"), metric: "recall", amount: "0.6", slice: "Contract" }],
        approveBy: "person",
        notify: ["ml-ops"],
      }),
    ).toEqual({
      command:
        'retraining create churn --pipeline churn --target Churn --when \'performance,drift,cron:"0 3 * * MON"@Asia/Ho_Chi_Minh\' --cooldown "3 days" --gate at-least:recall:0.6@Contract --approve person --notify ml-ops',
      file: undefined,
    });
  });

  it("writes into a file what no option of the command can say", () => {
    const choice = { ...choiceOf(undefined), deployment: "churn", retrain: "churn" };
    const gate = [newRule("agrees", "a"), newRule("rows", "b")];
    expect(policyCommand({ ...choice, gate, refit: false, params: "seed = 3" })).toEqual({
      command: "retraining create churn --pipeline churn --settings policy.json",
      file: 'policy.json: {"params":{"seed":3},"gate":[{"rule":"agrees","mean":0.2,"golden":0.8},{"rule":"rows","least":500}],"refit":false}',
    });
  });
});
