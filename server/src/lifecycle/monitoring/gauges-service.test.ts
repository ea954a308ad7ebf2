import { type ColumnDrift, MonitorSettings, type MonitorWindow } from "@causeway/contract";
import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createMetrics } from "../../platform/metrics/index.ts";
import { createGaugesService } from "./gauges-service.ts";
import { monitorsStore } from "./monitors-store.ts";
import { windowsStore } from "./windows-store.ts";

const { database, db } = await testDatabase();
const now = new Date("2026-11-21T10:00:00Z");
const DAY_MS = 86_400_000;
const source = createGaugesService({ database });

/** Only what metrics tell of is filled in. */
function driftOf(column: string, effect: number): ColumnDrift {
  const scores = [
    { method: "psi", score: effect * 2 },
    { method: "kl_div", score: "Infinity" },
  ];
  return { column, kind: "numeric", effect, drifted: effect > 0.1, scores } as ColumnDrift;
}

async function watch(name: string, days: readonly (readonly number[])[], judged = true): Promise<void> {
  const key = { project: "default", environment: "dev" as const, name };
  await monitorsStore(db).insert({
    ...key,
    deployment: "churn",
    settings: MonitorSettings.parse({}),
    createdAt: now,
    createdBy: { kind: "system", id: "test", name: "test" },
  });
  for (const [day, effects] of days.entries()) {
    const columns = effects.map((effect, index) => driftOf(`c${index}`, effect));
    const drifted = columns.filter((column) => column.drifted).map(({ column }) => column);
    const start = new Date(now.getTime() + day * DAY_MS);
    const summary = {
      coverage: { labelled: 5, share: 0.25, lagSeconds: null },
      performance: [{ metric: "auc", now: { value: 0.75 } }],
      drift: { judged, columns: columns.length, drifted },
    } as unknown as MonitorWindow; // the rest is not read here
    const detail = { columns, predictionDrift: null, reference: null };
    await windowsStore(db).put(key, {
      start,
      end: new Date(start.getTime() + DAY_MS),
      summary,
      detail,
      profile: null,
    });
  }
}

it("M10/metrics tells drift, performance, labels and alerts of the newest window, to be read by Prometheus", async () => {
  await watch("daily", [
    [0.5, 0.5],
    [0.3, 0.05, 0.02, 0.01],
  ]);
  await db
    .insertInto("monitoring_alerts")
    .values(
      (["open", "acknowledged", "resolved"] as const).map((state, index) => ({
        ...{
          id: `00000000-0000-7000-8000-00000000000${index}`,
          project: "default",
          environment: "dev" as const,
        },
        ...{
          monitor: "daily",
          deployment: "churn",
          kind: (["service", "truth", "quality"] as const)[index] ?? "truth",
        },
        ...{
          severity: "warning" as const,
          state,
          title: "",
          evidence: "[]",
          data: "{}",
          model: "churn",
          version: 1,
        },
        ...{ since_at: now, until_at: now, windows: 1, raised_at: now },
      })),
    )
    .execute();
  const metrics = createMetrics({ countWork: async () => [], gauges: [source] });
  const told = (await metrics.render()).split("\n").filter((line) => line.startsWith("causeway_"));
  const of = 'project="default",environment="dev",deployment="churn",monitor="daily"';
  for (const line of [
    `causeway_drift_score{${of},column="c0",method="psi"} 0.6`,
    `causeway_drift_score{${of},column="c0",method="ks"} 0.3`,
    `causeway_drift_detected{${of},column="c0"} 1`,
    `causeway_drift_detected{${of},column="c1"} 0`,
    `causeway_drifted_columns_ratio{${of}} 0.25`,
    `causeway_performance_value{${of},metric="auc"} 0.75`,
    `causeway_label_coverage_ratio{${of}} 0.25`,
    `causeway_open_alerts{${of}} 2`,
    `causeway_monitor_window_end_timestamp_seconds{${of}} ${now.getTime() / 1_000 + 2 * 86_400}`,
  ])
    expect(told).toContain(line);
});

it("M10/metrics tells of at most 200 columns, those that moved most, and nothing of drift that was not judged", async () => {
  await watch("wide", [Array.from({ length: 300 }, (_, index) => index / 300)]);
  await watch("few", [[0.9]], false);
  const samples = await source.read();
  const detected = samples.filter(({ gauge }) => gauge === "causeway_drift_detected");
  expect(detected.length).toBeLessThanOrEqual(200);
  const wide = detected
    .filter(({ labels }) => labels["monitor"] === "wide")
    .map(({ labels }) => labels["column"]);
  expect(wide.slice(0, 2)).toEqual(["c299", "c298"]);
  const few = samples.filter(({ labels }) => labels["monitor"] === "few").map(({ gauge }) => gauge);
  expect(few).toContain("causeway_open_alerts");
  expect(few.filter((gauge) => gauge.startsWith("causeway_drift"))).toEqual([]);
});
