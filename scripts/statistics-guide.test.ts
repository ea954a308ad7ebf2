import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DRIFT_TESTS, listMetrics, windowLevel } from "../statistics/src/index.ts";

const guide = readFileSync(new URL("../docs/guide/statistics.md", import.meta.url), "utf8");
const rowOf = (name: string) => guide.split("\n").find((line) => line.startsWith(`| \`${name}\` |`)) ?? "";

it.each(DRIFT_TESTS)("the guide tells $name with its columns, limit and what makes it exact", (test) => {
  const cells = rowOf(test.name).split(" | ");
  const columns = {
    "numeric,categorical": ["both"],
    numeric: ["numbers"],
    categorical: ["categories", "two values"],
  };
  const kinds = Object.entries(columns).find(([kind]) => kind === test.columnKinds.join())?.[1];
  expect(kinds).toContain(cells[1]);
  expect(cells).toContain(`${test.driftsWhen === "p-at-most" ? "p" : "score"} ${test.limit}`);
  expect(cells.at(-1)).toBe(`${test.exactFrom} |`);
});

it.each(listMetrics())(
  "the guide tells $name and whether less is better",
  ({ name, judges, lessIsBetter }) => {
    const of = { scores: "two classes", labels: "classes", probabilities: "classes", amounts: "amounts" }[
      judges
    ];
    expect(rowOf(name)).toContain(`| ${of} | ${lessIsBetter ? "less" : "more"} |`);
  },
);

it("the guide tells the level of a window after an alarm", () => {
  expect(guide).toContain("0.1 · (6 / π²) / lag²");
  const after = windowLevel({ falseAlarms: 0.01, history: [true] });
  expect(after).toBeCloseTo(0.9 * 0.01 + (0.1 * 6) / Math.PI ** 2, 12);
});
