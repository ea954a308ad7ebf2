import { expect, it } from "vitest";
import { chooseNewest, type PredictionFile } from "./prediction-files.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));
const file = (path: string, first: number, last: number, rows = 100): PredictionFile => ({
  path,
  rows,
  firstAt: at(first),
  lastAt: at(last),
  firstOccurredAt: null,
  lastOccurredAt: null,
  columns: null,
});
const paths = (files: PredictionFile[]) => files.map(({ path }) => path);

const apart = [file("a", 0, 9), file("b", 10, 19), file("c", 20, 29)];

it("reads the newest file alone where it holds enough", () => {
  expect(paths(chooseNewest(apart, { wanted: 100, before: null }))).toEqual(["c"]);
  expect(paths(chooseNewest(apart, { wanted: 101, before: null }))).toEqual(["c", "b"]);
});

it("reads every file where they hold less than wanted", () => {
  expect(paths(chooseNewest(apart, { wanted: 1000, before: null }))).toEqual(["c", "b", "a"]);
});

it("adds files that overlap those it needs, as those of another gateway do", () => {
  const files = [...apart, file("other", 5, 25)];
  expect(paths(chooseNewest(files, { wanted: 100, before: null }))).toEqual(["c", "other"]);
});

it("leaves out files that begin after the given time, and does not count on one that it cuts", () => {
  expect(paths(chooseNewest(apart, { wanted: 100, before: at(15) }))).toEqual(["b", "a"]);
  expect(paths(chooseNewest(apart, { wanted: 100, before: at(25) }))).toEqual(["c", "b"]);
});

it("reads nothing where there is nothing", () => {
  expect(chooseNewest([], { wanted: 100, before: null })).toEqual([]);
});
