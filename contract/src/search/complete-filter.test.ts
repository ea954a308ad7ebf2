import { expect, it } from "vitest";
import { completeFilter } from "./complete-filter.ts";

const KEYS = { metrics: ["auc", "val loss"], params: ["depth"], tags: ["team"] };
/** The caret stands at the bar. */
const complete = (marked: string) => {
  const caret = marked.indexOf("|");
  const { from, until, options } = completeFilter(marked.replace("|", ""), caret, KEYS);
  return { from, until, texts: options.map(({ text }) => text) };
};

it.each([
  ["|", 0, ["metrics.", "status", "metrics.auc", "metrics.`val loss`", "NOT"]],
  ["met|", 0, ["metrics.", "metrics.auc"]],
  ["auc|", 0, ["metrics.auc"]],
  ["metrics.`val|", 0, ["metrics.`val loss`"]],
  ["metrics.auc |", 12, [">", "=", "IS NULL"]],
  ["metrics.auc > 1 |", 16, ["AND", "OR"]],
  ["metrics.auc > 1 AND te|", 20, ["tags.team"]],
  ["NOT (dep|", 5, ["params.depth"]],
  ["status = |", 9, ["'RUNNING'"]],
  ["status = 'FI|", 9, ["'FINISHED'"]],
  ["params.depth IN ('1', '2') o|", 27, ["OR"]],
  ["params.depth IS NULL a|", 21, ["AND"]],
])("offers at %s", (marked, from, some) => {
  const found = complete(marked);
  expect(found.from).toBe(from);
  expect(found.texts).toEqual(expect.arrayContaining(some));
});

it("offers nothing where the text before the caret makes no sense", () => {
  expect(complete("nothing = 1 AND |").texts).toEqual([]);
  expect(complete("metrics.auc > 1 metrics|").texts).toEqual([]);
});

it("offers what fits what is typed, beginnings first", () => {
  expect(complete("d|").texts.at(0)).toBe("datasets.");
  expect(complete("d|").texts).not.toContain("metrics.auc");
});
