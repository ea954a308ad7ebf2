import { type AlertKind, MonitorSettings } from "@causeway/contract";
import { expect, it } from "vitest";
import { type AlertView, decideAlert } from "./alert-decision.ts";
import type { WindowSummary } from "./windows-store.ts";

const settings = MonitorSettings.parse({ truth: { within: "2 days" } });
const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 0, 5);

function window(
  number: number,
  more: Partial<WindowSummary> & { version?: number; labelled?: number } = {},
): WindowSummary {
  const { version = 1, labelled = 0, ...rest } = more;
  return {
    start: new Date(FIRST + number * DAY).toISOString(),
    end: new Date(FIRST + (number + 1) * DAY).toISOString(),
    title: `day ${number}`,
    model: "churn",
    versions: [{ version, rows: 300 }],
    rows: 300,
    coverage: { labelled, share: labelled / 300, lagSeconds: null },
    closedAt: "2026-11-21T00:00:00.000Z",
    restated: 0,
    restatedAt: null,
    level: 0.01,
    drift: { judged: true, reason: null, columns: 2, drifted: [], largest: null },
    prediction: null,
    performance: null,
    quality: [],
    service: null,
    alarms: [],
    ...rest,
  };
}

const drifted = (number: number, version = 1) => window(number, { version, alarms: ["data-drift"] });

function decide(windows: WindowSummary[], more: Partial<AlertView> = {}) {
  const decision = decideAlert({
    kind: "data-drift",
    windows,
    alert: undefined,
    reached: FIRST + 10 * DAY,
    settings,
    ...more,
  });
  const streak = "streak" in decision ? decision.streak.windows.map(({ title }) => title) : [];
  return [decision.action, ...streak];
}

const open = { state: "open", version: 1, until: "2026-01-06T00:00:00.000Z" } as const;

it.each<[string, (string | undefined)[], () => (string | undefined)[]]>([
  ["nothing where nothing is wrong", ["none"], () => decide([window(0), window(1)])],
  [
    "raises with the windows that show it without a break",
    ["raise", "day 3", "day 2"],
    () => decide([drifted(0), window(1), drifted(2), drifted(3)]),
  ],
  [
    "carries an open alert on",
    ["update", "day 1", "day 0"],
    () => decide([drifted(0), drifted(1)], { alert: open }),
  ],
  ["ends with a clean window", ["resolve"], () => decide([drifted(0), window(1)], { alert: open })],
  [
    "does not end by a window of too few rows",
    ["update", "day 0"],
    () =>
      decide([drifted(0), window(1, { drift: { ...window(1).drift, judged: false, reason: "few" } })], {
        alert: open,
      }),
  ],
  [
    "leaves alone what a person resolved",
    ["none"],
    () => decide([drifted(0)], { alert: { ...open, state: "resolved" } }),
  ],
  [
    "raises anew when a later window shows what was resolved",
    ["raise", "day 1", "day 0"],
    () => decide([drifted(0), drifted(1)], { alert: { ...open, state: "resolved" } }),
  ],
  [
    "ends when another version took over",
    ["resolve"],
    () => decide([drifted(0), window(1, { version: 2 })], { alert: open }),
  ],
  [
    "begins anew when another version shows it too",
    ["replace", "day 1"],
    () => decide([drifted(0), drifted(1, 2)], { alert: open }),
  ],
  [
    "carries an acknowledged alert on",
    ["update", "day 0"],
    () => decide([drifted(0)], { alert: { ...open, state: "acknowledged" } }),
  ],
])("M9/dedup decides: %s", (_, expected, run) => {
  expect(run()).toEqual(expected);
});

it("raises nothing for a version that no longer answers, when its truth comes late", () => {
  const moment = {
    metric: "auc",
    lessIsBetter: false,
    now: { name: "auc", value: 0.7, low: 0.6, high: 0.8, confidence: 0.95, method: null },
    reference: { name: "auc", value: 0.9, low: 0.88, high: 0.92, confidence: 0.95, method: null },
    difference: null,
  };
  const kind: AlertKind = "performance";
  const late = window(0, { performance: [moment], alarms: [kind] });
  expect(decide([late, window(1, { version: 2 })], { kind })).toEqual(["none"]);
  expect(decide([late, window(1)], { kind })).toEqual(["raise", "day 0"]);
});

it("waits for truth as long as it may take, by event time", () => {
  const kind: AlertKind = "truth";
  expect(decide([window(0)], { kind, reached: FIRST + 2 * DAY })).toEqual(["none"]);
  expect(decide([window(0)], { kind, reached: FIRST + 3 * DAY })).toEqual(["raise", "day 0"]);
  expect(decide([window(0, { labelled: 5 })], { kind, alert: open })).toEqual(["resolve"]);
});
