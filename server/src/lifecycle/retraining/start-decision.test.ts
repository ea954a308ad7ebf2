import { type CycleState, PolicySettings } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import type { CycleBrief } from "./cycle-brief.ts";
import { countingWindows, decideStart, type Situation } from "./start-decision.ts";
import type { WindowFact } from "./window-fact.ts";

const at = (day: number) => new Date(Date.UTC(2026, 2, day));

const moment = (value: number) => ({
  metric: "auc",
  lessIsBetter: false,
  now: { name: "auc", value, low: value - 0.01, high: value + 0.01, confidence: 0.95, method: null },
  reference: null,
  difference: null,
});

const window = (day: number, changes: Partial<WindowFact> = {}): WindowFact => ({
  start: at(day),
  end: at(day + 1),
  title: `day ${day}`,
  rows: 500,
  labelled: 500,
  lagMs: 0,
  versions: [],
  drifted: [],
  predictionDrifted: false,
  metrics: [moment(0.9)],
  alarms: [],
  ...changes,
});

const drifting = (day: number) => window(day, { drifted: ["price"] });

const cycle = (number: number, day: number, changes: Partial<CycleBrief> = {}): CycleBrief => ({
  number,
  state: "confirmed" as CycleState,
  endedAt: at(day + 1),
  anchoredAt: at(day + 1),
  noticedAt: at(day + 1),
  evidenceUntil: at(day + 1),
  switchedAt: null,
  candidate: null,
  learnedFrom: null,
  trainedUntil: null,
  trainings: 1,
  ...changes,
});

const situation = (changes: Partial<Situation> = {}): Situation => ({
  settings: PolicySettings.parse({
    retrain: "churn",
    when: [{ on: "drift" }],
    budget: { trainings: 2, per: "week" },
  }),
  paused: false,
  windowSpan: "1 day",
  windows: [drifting(10), window(9)],
  cycles: [],
  champion: 1,
  watermark: at(11),
  now: new Date("2026-11-21T10:00:00Z"),
  consideredAt: new Date("2026-11-21T09:00:00Z"),
  ...changes,
});

const heldBy = (changes: Partial<Situation>) => {
  const decision = decideStart(situation(changes));
  return decision.kind === "held" ? decision.why : decision.kind;
};

describe("decideStart", () => {
  it("starts a cycle where a trigger has a reason and nothing holds it", () => {
    expect(decideStart(situation())).toMatchObject({
      kind: "start",
      fired: { kind: "drift", reason: "price drifted in day 10", at: at(11) },
    });
  });

  it("is quiet without a reason", () => {
    expect(decideStart(situation({ windows: [window(10)] })).kind).toBe("quiet");
  });

  it("T2/cooldown waits two windows after a cycle unless told otherwise", () => {
    expect(heldBy({ cycles: [cycle(1, 9)] })).toBe("cooldown until 2026-03-12 00:00 after cycle 1");
    expect(heldBy({ cycles: [cycle(1, 8)] })).toBe("start");
    const settings = PolicySettings.parse({ retrain: "churn", when: [{ on: "drift" }], cooldown: "5 days" });
    expect(heldBy({ settings, cycles: [cycle(1, 8)] })).toBe("cooldown until 2026-03-14 00:00 after cycle 1");
  });

  it("T2/budget counts trainings in the span that ends with the reason, and not refits", () => {
    const cycles = [cycle(2, 7), cycle(1, 5)];
    expect(heldBy({ cycles })).toBe("the budget of 2 trainings per week is used up");
    expect(heldBy({ cycles: [cycle(2, 7), cycle(1, 3)] })).toBe("start");
    expect(heldBy({ cycles: [cycle(2, 7), cycle(1, 5, { trainings: 0 })] })).toBe("start");
  });

  it("T2/storm has one cycle at a time, whatever else fires", () => {
    expect(heldBy({ cycles: [cycle(1, 2, { state: "running", endedAt: null })] })).toBe(
      "cycle 1 is under way",
    );
  });

  it("T2/storm starts nothing twice from the same window", () => {
    expect(decideStart(situation({ cycles: [cycle(1, 10)] })).kind).toBe("quiet");
  });

  it("T2/storm holds nothing against a version that another one did", () => {
    const switched = cycle(1, 5, { switchedAt: new Date("2026-03-10T13:00:00Z") });
    expect(
      countingWindows({ windows: [window(11), drifting(10)], cycles: [switched] }).map(({ title }) => title),
    ).toEqual(["day 11"]);
  });

  it("T2/storm waits for three new windows with truth after three refusals in a row", () => {
    const refused = [5, 3, 1].map((day, index) => cycle(3 - index, day, { state: "refused", trainings: 0 }));
    const windows = [drifting(8), window(7, { labelled: 0, metrics: [] }), window(6)];
    expect(heldBy({ cycles: refused, windows })).toBe(
      "the gate refused 3 times in a row; waits for 3 new windows with truth, 2 so far",
    );
    expect(heldBy({ cycles: refused, windows: [drifting(8), window(7), window(6)] })).toBe("start");
    const between = [refused[0], cycle(2, 3, { state: "failed" }), refused[2]].flatMap((one) => one ?? []);
    expect(heldBy({ cycles: between, windows: [drifting(8)] })).toBe("start");
  });

  it("holds a reason that is too weak, and lets another trigger's begin", () => {
    const when = (["performance", "drift"] as const).map((on) => ({ on }));
    const metrics = [{ ...moment(0.7), reference: moment(0.9).now, difference: moment(-0.2).now }];
    const small = window(10, { rows: 336, labelled: 336, metrics });
    const settings = PolicySettings.parse({ retrain: "churn", when: when.slice(0, 1) });
    expect(heldBy({ settings, windows: [small] })).toContain("fewer than 500 rows with truth");
    const both = PolicySettings.parse({ retrain: "churn", when });
    expect(
      decideStart(situation({ settings: both, windows: [{ ...small, drifted: ["price"] }] })),
    ).toMatchObject({ kind: "start", fired: { kind: "drift" } });
  });

  it("starts nothing while the policy is paused", () => {
    expect(heldBy({ paused: true })).toBe("the policy is paused");
  });
});
