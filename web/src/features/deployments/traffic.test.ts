import { describe, expect, it } from "vitest";
import { curlLine } from "./curl-line.ts";
import { binTraffic, quantile, trafficOf } from "./traffic.ts";

const start = Date.parse("2026-11-21T12:00:00.000Z");
const log = Array.from({ length: 101 }, (_, index) => ({
  receivedAt: new Date(start + index * 100).toISOString(),
  latencyMs: index + 1,
}));

describe("traffic", () => {
  it("is told from the log: how many, how fast, how long", () => {
    expect(trafficOf(log)).toEqual({
      predictions: 101,
      from: start,
      to: start + 10_000,
      perSecond: 10,
      p50: 51,
      p99: 100,
    });
    expect(trafficOf([])).toBeUndefined();
    expect(trafficOf(log.slice(0, 1))?.perSecond).toBe(0);
  });

  it("loses no prediction in its stretches, and says nothing where nothing was", () => {
    const bins = binTraffic([...log.slice(0, 10), ...log.slice(90)], 10);
    expect(bins.reduce((sum, { predictions }) => sum + predictions, 0)).toBe(21);
    expect(bins[5]).toMatchObject({ predictions: 0, p50: undefined, p99: undefined });
    expect(binTraffic([], 10)).toEqual([]);
  });

  it("takes quantiles by nearest rank", () => {
    expect([quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.99), quantile([7], 0.01)]).toEqual([
      2, 4, 7,
    ]);
  });
});

describe("the first request", () => {
  it("quotes its record for a shell", () => {
    const line = curlLine({
      scope: { project: "default", environment: "prod" },
      deployment: "churn",
      url: "http://127.0.0.1:7421/predict/churn",
      record: { name: "O'Neil" },
    });
    expect(line).toContain(`-d '{"name":"O'\\''Neil"}'`);
    expect(line).toContain("npx --no causeway key churn --env prod");
  });
});
