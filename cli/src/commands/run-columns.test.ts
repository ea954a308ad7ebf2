import type { Run } from "@causeway/contract";
import { expect, it } from "vitest";
import { readColumns } from "./run-columns.ts";

// The members that columns read; the rest of a run is of no account here.
const run = {
  id: "a".repeat(32),
  name: "first",
  state: "finished",
  params: { depth: "6" },
  tags: { team: "risk" },
  metrics: [{ name: "val loss", last: { value: "NaN", step: 0, occurredAt: "" }, min: 0, max: 0, points: 1 }],
  startedAt: "2026-11-21T10:00:00.000Z",
  endedAt: null,
} as unknown as Run;

it("reads columns by the names that a search knows", () => {
  const names = [
    "metrics.`val loss`",
    "params.depth",
    "tags.team",
    "status",
    "created",
    "end_time",
    "params.none",
  ];
  expect(readColumns(names).map(({ read }) => read(run))).toEqual([
    Number.NaN,
    "6",
    "risk",
    "finished",
    "2026-11-21T10:00:00.000Z",
    null,
    null,
  ]);
});

it("refuses a column that no run has", () => {
  expect(() => readColumns(["metrix.a"])).toThrow("runs have no metrix");
});
