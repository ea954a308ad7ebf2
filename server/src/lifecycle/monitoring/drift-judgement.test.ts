import { MonitorSettings } from "@causeway/contract";
import {
  type NumericSummary,
  referenceEdges,
  summarizeCategories,
  summarizeNumbers,
  windowLevel,
} from "@causeway/statistics";
import { expect, it } from "vitest";
import { bell, randomFrom } from "../../../testing/monitored-log.ts";
import { judgeDrift, type MeasuredColumn } from "./drift-judgement.ts";

const settings = MonitorSettings.parse({});
const COLUMNS = 30;

type Reference = readonly NumericSummary[];

function table(random: () => number, rows: number, shiftOfFirst = 0): number[][] {
  return Array.from({ length: COLUMNS }, (_, column) =>
    Array.from({ length: rows }, () => bell(random) + (column === 0 ? shiftOfFirst : 0)),
  );
}

function referenceOf(random: () => number, rows: number): Reference {
  return table(random, rows).map((values) => {
    const { values: _values, ...summary } = summarizeNumbers(
      values,
      referenceEdges(Float64Array.from(values).sort()),
    );
    return summary;
  });
}

function measuredOf(
  references: Reference,
  current: readonly (readonly (number | null)[])[],
): MeasuredColumn[] {
  return references.map((reference, index) => {
    const { values: _values, ...now } = summarizeNumbers(current[index] ?? [], reference.edges);
    return { name: `n${index}`, reference, current: now, outside: 0, examples: [], season: null };
  });
}

it("M1/false-discovery alarms in at most 1 of 40 stable windows of 30 columns", () => {
  const rows = 100;
  const random = randomFrom(rows);
  const history: boolean[] = [];
  const reference = referenceOf(random, 2_000);
  for (let window = 0; window < 40; window++) {
    const level = windowLevel({ falseAlarms: settings.drift.falseAlarms, history });
    const found = judgeDrift(measuredOf(reference, table(random, rows)), null, { ...settings, level });
    history.push(found.columns.some(({ drifted }) => drifted) || found.quality.length > 0);
  }
  expect(history.filter(Boolean).length).toBeLessThanOrEqual(1);
});

it("M1/effect-size finds one column of 30 that moved by half a deviation, with its effect, p and rows", () => {
  const random = randomFrom(4);
  const reference = referenceOf(random, 2_000);
  const found = judgeDrift(measuredOf(reference, table(random, 1_000, 0.5)), null, {
    ...settings,
    level: 0.01,
  });
  expect(found.columns.filter(({ drifted }) => drifted).map(({ column }) => column)).toEqual(["n0"]);
  const [first] = found.columns;
  expect(first).toMatchObject({ rows: 1_000, referenceRows: 2_000, effectLimit: 0.1 });
  expect(first?.effect).toBeGreaterThan(0.15);
  expect(first?.adjustedP).toBeLessThan(0.001);
  expect(first?.scores.map(({ method }) => method)).toContain("psi");
  expect(first?.shape).toMatchObject({ kind: "numeric", medians: { current: expect.any(Number) } });
});

it("M1/missingness, M4/schema: names missing values, unseen categories and numbers outside the range", () => {
  const random = randomFrom(9);
  const reference = referenceOf(random, 1_000);
  const holes = table(random, 500).map((values, column) =>
    column === 0 ? values.map((value) => (random() < 0.3 ? null : value)) : values,
  );
  const numbers = measuredOf(reference, holes).map((column, index) =>
    index === 1 ? { ...column, outside: 60, examples: ["-17"] } : column,
  );
  const categories: MeasuredColumn = {
    name: "contract",
    reference: summarizeCategories(Array.from({ length: 900 }, (_, row) => (row % 2 === 0 ? "a" : "b"))),
    current: summarizeCategories(
      Array.from({ length: 400 }, (_, row) => ["a", "b", "a", "new"][row % 4] ?? "a"),
    ),
    outside: 100,
    examples: ["new"],
    season: null,
  };
  const found = judgeDrift([...numbers, categories], null, { ...settings, level: 0.01 });
  expect(found.quality).toEqual([
    {
      column: "n0",
      problem: expect.stringMatching(/^\d+ % missing, 0 % in the reference$/),
      fact: expect.objectContaining({ kind: "missing", referenceShare: 0 }),
    },
    {
      column: "n1",
      problem: "12 % outside the training range, such as -17",
      fact: expect.objectContaining({ kind: "out-of-range", examples: ["-17"] }),
    },
    {
      column: "contract",
      problem: "25 % of unseen categories, such as new",
      fact: { kind: "unseen", share: 0.25, referenceShare: null, examples: ["new"] },
    },
  ]);
  expect(found.columns.at(-1)).toMatchObject({ kind: "categorical", drifted: true });
});

it("does not call it a problem when a few values of a small window lie outside", () => {
  const random = randomFrom(2);
  const columns = measuredOf(referenceOf(random, 500), table(random, 100)).map((column) => ({
    ...column,
    outside: 3,
    examples: ["4.1"],
  }));
  expect(judgeDrift(columns, null, { ...settings, level: 0.01 }).quality).toEqual([]);
});

it("compares with the same season as well, and says which one moved", () => {
  const random = randomFrom(6);
  const reference = referenceOf(random, 1_000);
  const summer = table(random, 500, 1);
  const again = table(random, 500, 1);
  const season = measuredOf(reference, summer);
  const columns = measuredOf(reference, again).map((column, index) => {
    const before = season[index];
    if (before === undefined) throw new Error("a column of the season is absent");
    return {
      ...column,
      season: { start: "2025-07-01T00:00:00.000Z", reference: before.current, current: column.current },
    };
  });
  const [first] = judgeDrift(columns, null, { ...settings, level: 0.01 }).columns;
  expect(first).toMatchObject({
    drifted: true,
    season: { start: "2025-07-01T00:00:00.000Z", drifted: false },
  });
});
