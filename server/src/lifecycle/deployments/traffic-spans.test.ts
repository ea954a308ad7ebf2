import { LATENCY_BOUNDS_MS } from "@causeway/contract";
import { expect, it } from "vitest";
import { latencyQuantile, planSpans, trafficPoints } from "./traffic-spans.ts";

const at = (text: string) => new Date(`2026-11-21T${text}Z`);
const classes = (counts: Record<number, number>) =>
  Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, (_, place) => counts[place] ?? 0);

it("cuts time into at most the asked number of spans of whole minutes", () => {
  const hour = planSpans({ from: at("10:00:30"), until: at("11:00:30"), most: 60 });
  expect([hour.from, hour.spanMs, hour.count]).toEqual([at("10:00:00"), 120_000, 31]);
  const short = planSpans({ from: at("10:00:10"), until: at("10:00:20"), most: 500 });
  expect([short.from, short.until, short.count]).toEqual([at("10:00:00"), at("10:01:00"), 1]);
});

it("interpolates within the class that holds the rank, from nothing up to the last bound", () => {
  expect(latencyQuantile(classes({}), 0.5)).toBeNull();
  expect(latencyQuantile(classes({ 0: 100 }), 0.5)).toBeCloseTo(0.125);
  expect(latencyQuantile(classes({ 3: 50, 9: 50 }), 0.5)).toBeCloseTo(1);
  expect(latencyQuantile(classes({ 3: 50, 9: 50 }), 0.75)).toBeCloseTo(7);
  expect(latencyQuantile(classes({ [LATENCY_BOUNDS_MS.length]: 1 }), 0.99)).toBe(10_000);
});

it("gives a point for spans without traffic", () => {
  const spans = planSpans({ from: at("10:00:00"), until: at("10:03:00"), most: 3 });
  const counted = { span: 1, requests: 2, rows: 5, errors: 1, refused: 0, latency: classes({ 1: 2 }) };
  const points = trafficPoints(spans, [counted]);
  expect(points.map(({ requests, p50Ms }) => [requests, p50Ms])).toEqual([
    [0, null],
    [2, 0.375],
    [0, null],
  ]);
  expect(points[2]).toMatchObject({ start: "2026-11-21T10:02:00.000Z", end: "2026-11-21T10:03:00.000Z" });
});
