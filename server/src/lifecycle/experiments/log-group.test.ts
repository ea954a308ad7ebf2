import { expect, it } from "vitest";
import { pointRows, type RunEntry, splitClashes, splitDead, textRows, type Waiting } from "./log-group.ts";

const runOf = (key: number) => ({ id: String(key), key, experimentKey: 1, project: "default", opener: null });
const waiting = (key: number, added: Partial<Omit<RunEntry, "run">>): Waiting => ({
  entry: { run: runOf(key), params: [], tags: [], points: [], ...added },
  resolve: () => {},
  reject: () => {},
});
const point = (name: string, step: number, value: number) => ({ name, step, value, atMs: 0 });

it("refuses those whose run is gone, and keeps the order of the others", () => {
  const group = [waiting(1, {}), waiting(2, {}), waiting(1, {})];
  const { kept, refused } = splitDead(group, new Set([1]));
  expect(kept).toEqual([group[0], group[2]]);
  expect(refused).toMatchObject([{ one: group[1], error: { code: "CONFLICT", value: "2" } }]);
});

it("refuses another value of a param: one that is stored, one of an earlier caller, one of the same call", () => {
  const group = [
    waiting(1, { params: [["a", "1"]] }),
    waiting(1, { params: [["a", "2"]] }),
    waiting(2, { params: [["a", "2"]] }),
    waiting(1, { params: [["b", "2"]] }),
    waiting(1, {
      params: [
        ["c", "1"],
        ["c", "2"],
      ],
    }),
    waiting(1, {
      params: [
        ["c", "2"],
        ["c", "2"],
      ],
    }),
  ];
  const { kept, refused } = splitClashes(group, [{ run: 1, name: "b", value: "1" }]);
  expect(kept).toEqual([group[0], group[2], group[5]]);
  expect(refused).toMatchObject([
    { error: { code: "INVALID_FIELD", field: "params.a" } },
    { error: { code: "INVALID_FIELD", field: "params.b" } },
    { error: { code: "INVALID_FIELD", field: "params.c" } },
  ]);
});

it("keeps the latest value of a tag, in order of runs and names", () => {
  const group = [
    waiting(2, {
      tags: [
        ["b", "1"],
        ["a", "1"],
      ],
    }),
    waiting(1, { tags: [["z", "1"]] }),
    waiting(2, { tags: [["b", "2"]] }),
  ];
  const rows = textRows(group, ({ tags }) => tags);
  expect(rows.map(({ run, name, value }) => [run.key, name, value])).toEqual([
    [1, "z", "1"],
    [2, "a", "1"],
    [2, "b", "2"],
  ]);
});

it("sums up what several callers say of one series", () => {
  const group = [
    waiting(1, { points: [point("m", 1, 5), point("n", 1, 1)] }),
    waiting(1, { points: [point("m", 3, -2), point("m", 2, 9)] }),
    waiting(2, { points: [point("m", 1, Number.NaN)] }),
  ];
  const rows = pointRows(group, (run, name) => ({ id: run.key * 10 + (name === "m" ? 1 : 2) }));
  expect(rows.runs).toEqual([1, 2]);
  expect(rows.series).toMatchObject([
    { series: { id: 11 }, last: { step: 3, value: -2 }, min: -2, max: 9, isRising: false },
    { series: { id: 12 }, min: 1, max: 1, isRising: true },
    { series: { id: 21 }, min: null, max: null },
  ]);
  expect(rows.series.map(({ points }) => points.map(({ step }) => step))).toEqual([[1, 3, 2], [1], [1]]);
});
