import { describe, expect, it } from "vitest";
import { curlLine } from "./curl-line.ts";
import { spanStart, trafficOf } from "./traffic.ts";
import { isWrong, truthValueOf } from "./truth-reading.ts";

const span = (minute: number, requests: number, p99Ms: number | null) => ({
  start: new Date(minute * 60_000).toISOString(),
  end: new Date((minute + 1) * 60_000).toISOString(),
  requests,
  rows: requests * 2,
  errors: requests > 50 ? 1 : 0,
  refused: 0,
  p50Ms: p99Ms === null ? null : p99Ms / 3,
  p99Ms,
});

describe("traffic", () => {
  it("adds spans up, and tells the newest latency beside the worst", () => {
    expect(trafficOf([span(0, 40, 9), span(1, 60, 3), span(2, 0, null)])).toEqual({
      requests: 100,
      rows: 200,
      errors: 1,
      refused: 0,
      errorShare: 0.01,
      p50Ms: 1,
      p99Ms: 3,
      worstP99Ms: 9,
    });
  });

  it("says nothing of errors and latency where nothing was asked", () => {
    expect(trafficOf([span(0, 0, null)])).toMatchObject({ errorShare: null, p99Ms: null, worstP99Ms: null });
  });

  it("begins its spans on whole minutes", () => {
    expect(spanStart("1h", new Date("2026-11-21T12:00:41.500Z"))).toBe("2026-11-21T11:00:00.000Z");
  });
});

describe("truth", () => {
  const known = (value: string | number | boolean | null) => ({
    value,
    occurredAt: "2026-11-21T12:00:00.000Z",
    recordedAt: "2026-11-21T12:00:00.000Z",
    recordedBy: { kind: "token" as const, id: "1", name: "shop" },
  });

  it("is wrong where a class differs, whatever its type on the wire", () => {
    expect(isWrong({ prediction: { value: "1", scores: { "0": 0.2, "1": 0.8 } }, truth: known(1) })).toBe(
      false,
    );
    expect(isWrong({ prediction: { value: "Yes", scores: { No: 0.1, Yes: 0.9 } }, truth: known("No") })).toBe(
      true,
    );
  });

  it("is neither right nor wrong of an amount, of nothing, or taken back", () => {
    expect(isWrong({ prediction: { value: 12.5 }, truth: known(11) })).toBeUndefined();
    expect(isWrong({ prediction: { value: "Yes" }, truth: null })).toBeUndefined();
    expect(isWrong({ prediction: { value: "Yes" }, truth: known(null) })).toBeUndefined();
  });

  it("is read as the model's target is typed", () => {
    expect(truthValueOf("12,5", "regression")).toBe(12.5);
    expect(truthValueOf("many", "regression")).toBeUndefined();
    expect(truthValueOf(" Yes ", "classification")).toBe("Yes");
    expect(truthValueOf("", "classification")).toBeUndefined();
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
