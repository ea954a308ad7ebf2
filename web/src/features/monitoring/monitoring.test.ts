import { MonitorSettings } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { monitoringFixtures } from "../../../testing/monitoring-fixtures.ts";
import { loopMarkers } from "../../components/loop-markers.ts";
import { markersFit } from "../../components/marker-lane.tsx";
import { windowAxis } from "../../components/window-axis.ts";
import { linesOf } from "../../components/window-lines.ts";
import {
  alarmLevel,
  metricPoints,
  metricsOf,
  referenceStretches,
  versionSwitches,
} from "../../components/window-metric.ts";
import { createFormat } from "../../lib/format.ts";
import {
  alertInQuestion,
  alertStatus,
  around,
  byUrgency,
  firingOf,
  firstWindow,
  isMostlySeason,
  monitorStatus,
  nameOfWindow,
  windowNamed,
  worstFirst,
} from "./judgement.ts";
import { EMPTY_CHOICE, monitorCommand, settingsOf } from "./monitor-choice.ts";

const now = new Date("2026-11-21T12:00:00.000Z");
const known = monitoringFixtures(now);
const windows = [...(known.windows["churn"] ?? [])].reverse();
const [monitor] = known.monitors;
const points = metricPoints(windows, {
  metric: "auc",
  settings: monitor!.settings,
  watermark: monitor!.watermark,
});

describe("alerts", () => {
  it("stand by urgency: open, taken care of, over", () => {
    expect(byUrgency([...known.alerts].reverse()).map(({ state }) => state)).toEqual([
      "open",
      "acknowledged",
      "resolved",
    ]);
    expect(known.alerts.map(alertStatus)).toEqual(["crit", "running", "ok"]);
  });

  it("are spoken of as the address says, else the most urgent that is not over", () => {
    const past = known.alerts.find(({ state }) => state === "resolved");
    expect(alertInQuestion(known.alerts, past!.id)).toBe(past);
    expect(alertInQuestion(known.alerts, "")?.state).toBe("open");
    expect(alertInQuestion([past!], "")).toBeUndefined();
  });

  it("tint the stretches in which the metric itself was in alarm", () => {
    expect(firingOf(known.alerts)).toHaveLength(2);
  });
});

describe("monitors", () => {
  it("come worst first", () => {
    const open = known.alerts.filter(({ state }) => state === "open");
    expect(worstFirst([...known.monitors].reverse(), open).map(({ name }) => name)).toEqual([
      "churn",
      "churn-next",
      "churn-frozen",
    ]);
    expect(monitorStatus({ ...monitor!, paused: true }, [])).toBe("blocked");
    expect(monitorStatus({ ...monitor!, windows: 0 }, [])).toBe("idle");
  });
});

describe("windows", () => {
  it("open at the newest that the alert speaks of", () => {
    const alert = known.alerts[0];
    expect(firstWindow(windows, alert)?.end).toBe(alert?.until);
    expect(firstWindow(windows, undefined)).toBe(windows.at(-1));
    expect(firstWindow([], alert)).toBeUndefined();
  });

  it("are shown around one that the address names, however old it is", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => ({ start: `${index}`, title: `w${index}` }));
    const shown = (name: string) => around(hundred, name, 10).map(({ start }) => start);
    expect(shown("")[0]).toBe("0");
    expect(shown("w3")[0]).toBe("0");
    expect(shown("w50")).toEqual(["45", "46", "47", "48", "49", "50", "51", "52", "53", "54"]);
    expect(shown("w99").at(-1)).toBe("99");
  });

  it("are named in the address by their title where it is one word", () => {
    const [first] = windows;
    expect(nameOfWindow(first!)).toBe(first?.title);
    expect(nameOfWindow({ start: "2017-07-29T14:00:00.000Z", title: "29 Jul 2017 14:00" })).toBe(
      "2017-07-29T14:00:00.000Z",
    );
    expect(windowNamed(windows, first!.title)).toBe(first);
    expect(windowNamed(windows, first!.start)).toBe(first);
  });
});

describe("a metric over windows", () => {
  it("is settled when its labels have come or are no longer waited for", () => {
    expect(points.map(({ settled }) => settled).lastIndexOf(false)).toBe(points.length - 1);
    expect(points.at(-2)?.settled).toBe(true);
    const overdue = metricPoints(windows, {
      metric: "auc",
      settings: { truth: { within: "0 s" } },
      watermark: "2030-01-01T00:00:00.000Z",
    });
    expect(overdue.at(-1)?.settled).toBe(true);
  });

  it("judges by the first metric and knows the others", () => {
    expect(metricsOf(windows).map(({ name }) => name)).toEqual(["auc", "accuracy"]);
  });

  it("has a reference per version", () => {
    expect(referenceStretches(points).map(({ value }) => value)).toEqual([0.906, 0.897]);
    expect(versionSwitches(windows).map(({ version, before }) => [before, version])).toEqual([[1, 2]]);
  });

  it.each([
    [false, 0.88],
    [true, 0.92],
  ])("alarms on the bad side of the reference (less is better: %s)", (lessIsBetter, level) => {
    expect(alarmLevel(0.9, { drop: 0.02, lessIsBetter })).toBeCloseTo(level, 9);
    expect(alarmLevel(null, { drop: 0.02, lessIsBetter })).toBeNull();
  });

  it("is drawn with its interval in words, open windows as hollow points of their own", () => {
    const format = createFormat({ language: "en" });
    const lines = linesOf({
      axis: windowAxis(points),
      twin: undefined,
      name: "auc",
      openName: "labels missing",
      promisedName: "promised",
      format,
    });
    expect(lines.map(({ name, dots, points: drawn }) => [name, dots, drawn.length])).toEqual([
      ["promised", undefined, 16],
      ["auc", "full", 15],
      ["labels missing", "hollow", 1],
    ]);
    expect(lines[1]?.write?.(0)).toMatch(/^0\.\d{3} \(0\.\d{3} to 0\.\d{3}\)$/);
  });
});

describe("what the loop did", () => {
  const t = (key: string, values?: Record<string, string | number>) =>
    `${key}${values === undefined ? "" : ` ${Object.values(values).join(" ")}`}`;

  it("is marked at its event time: the newest cycle station by station, older ones by their switch", () => {
    const markers = loopMarkers({ windows, cycles: known.cycles, t });
    expect(markers.map(({ title }) => title)).toEqual([
      "story.noticed",
      "story.retrained",
      "monitoring.approvalWaits",
      "monitoring.candidateSwitched 2",
    ]);
  });

  it("marks a switch that a person made", () => {
    const markers = loopMarkers({ windows, cycles: [], t });
    expect(markers.map(({ title }) => title)).toEqual(["monitoring.switched 2"]);
  });

  it("is numbered where its words do not fit", () => {
    const markers = loopMarkers({ windows, cycles: known.cycles, t });
    expect(markersFit(markers, 2_000)).toBe(true);
    expect(markersFit(markers, 200)).toBe(false);
  });
});

describe("the season", () => {
  it("explains a shift when it explains more than half of it", () => {
    expect(isMostlySeason(2.25, 0.24)).toBe(true);
    expect(isMostlySeason(0.5, 0.4)).toBe(false);
  });
});

describe("the form", () => {
  it("leaves defaults to the server and takes lengths or a number of rows", () => {
    expect(settingsOf(EMPTY_CHOICE)).toEqual({ window: "1 day" });
    const filled = {
      ...EMPTY_CHOICE,
      window: "5,000 rows",
      lateness: "2 h",
      within: "1 week",
      drop: "0,05",
      notify: "ml-ops, on-call",
    };
    const settings = settingsOf(filled);
    expect(settings).toEqual({
      window: { rows: 5000 },
      lateness: "2 h",
      truth: { within: "1 week" },
      performance: { drop: 0.05 },
      notify: ["ml-ops", "on-call"],
    });
    expect(MonitorSettings.safeParse(settings).success).toBe(true);
  });

  it("says the same as a command", () => {
    expect(monitorCommand(EMPTY_CHOICE)).toBe("monitoring create churn");
    expect(monitorCommand({ ...EMPTY_CHOICE, deployment: "hotel", window: "1 month", notify: "a, b" })).toBe(
      'monitoring create hotel --window "1 month" --notify a --notify b',
    );
    expect(monitorCommand({ ...EMPTY_CHOICE, deployment: "hotel", window: "5,000" })).toBe(
      'monitoring create hotel --window "5000 rows"',
    );
  });
});
