import { summarizeCategories, summarizeNumbers } from "@causeway/statistics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Duck, openDuck } from "../tables/duck.ts";
import { sampleEdges } from "./sample-edges.ts";
import { type ColumnPlan, type GroupPlan, summarizeGroups } from "./summarize-groups.ts";

let duck: Duck;
beforeAll(async () => {
  duck = await openDuck({ threads: 2, memoryBytes: 128 * 2 ** 20 });
  await duck.run(`create table rows as select (i // 4000)::integer as "group",
    case when i % 10 = 0 then null when i % 97 = 0 then 'nan'::double when i % 89 = 0 then '-inf'::double
      else sin(i) * 1e6 + i end as x,
    case when i % 7 = 0 then null else 'value ' || (i % 5) end as c, i as i from range(12000) r(i)`);
});
afterAll(() => duck.close());

const numeric = (
  edges: readonly number[],
  range: { min: number; max: number } | null = null,
): ColumnPlan => ({
  kind: "numeric",
  edges: [edges],
  range,
});
const named: ColumnPlan = { kind: "categorical", named: null, open: true, known: null };

async function valuesOf<Value>(column: string, group: number): Promise<Value[]> {
  const rows = await duck.rows(`select ${column} from rows where "group" = ${group} order by i`);
  return rows.map(([value]) => value as Value); // of the type that the caller knows
}

/** Column x as it was stored: DuckDB gives what is no number as text. */
async function numbersOf(group: number): Promise<(number | null)[]> {
  const values = await valuesOf<number | string | null>("x", group);
  return values.map((value) => (value === null ? null : Number(value)));
}

describe("summarising groups of rows", () => {
  it("counts each group as statistics count its values, missing, NaN and infinite apart from every bin", async () => {
    const edges = (await sampleEdges(duck, { source: "rows", columns: ["x"], rows: 12_000 })).get("x") ?? [];
    expect(edges.length).toBeGreaterThan(200);
    const plan: GroupPlan = new Map([
      ["x", numeric(edges)],
      ["c", named],
    ]);
    const found = await summarizeGroups(duck, { source: "rows", groups: [plan, plan, plan] });
    for (const [group, columns] of found.entries()) {
      const { values: _values, ...expected } = summarizeNumbers(await numbersOf(group), edges);
      const [summary] = columns.get("x")?.summaries ?? [];
      expect(summary).toMatchObject({ ...expected, mean: expect.any(Number), m2: expect.any(Number) });
      if (summary?.kind !== "numeric") throw new Error("x is numeric");
      expect(summary.missing).toBe(400);
      expect(summary.nan + summary.infinite).toBeGreaterThan(50);
      expect(summary.counts.reduce((sum, rows) => sum + rows, 0)).toBe(summary.rows);
      expect(summary.mean).toBeCloseTo(expected.mean, 5);
      expect(summary.m2 / expected.m2).toBeCloseTo(1, 9);
      expect(columns.get("c")?.summaries[0]).toEqual(summarizeCategories(await valuesOf("c", group)));
    }
  });

  it("counts rows of mixed groups as rows that lie together", async () => {
    const edges = [-1e6, 0, 5e5, 1e6];
    const plan: GroupPlan = new Map([["x", numeric(edges)]]);
    const mixed = `(select (i % 3)::integer as "group", x from rows)`;
    const [first] = await summarizeGroups(duck, { source: mixed, groups: [plan, plan, plan] });
    const alone = `(select 0 as "group", x from rows where i % 3 = 0)`;
    const [expected] = await summarizeGroups(duck, { source: alone, groups: [plan] });
    const [one] = first?.get("x")?.summaries ?? [];
    const [other] = expected?.get("x")?.summaries ?? [];
    if (one?.kind !== "numeric" || other?.kind !== "numeric") throw new Error("x is numeric");
    expect({ ...one, mean: 0, m2: 0 }).toEqual({ ...other, mean: 0, m2: 0 });
    expect(one.mean).toBeCloseTo(other.mean, 4);
    expect(one.m2 / other.m2).toBeCloseTo(1, 9);
  });

  it("leaves rows without a group out, and says nothing of a column that a group does not ask for", async () => {
    const source = `(select case when i < 100 then 0 when i < 200 then 1 end as "group", x, c from rows)`;
    const groups: GroupPlan[] = [new Map([["x", numeric([0, 1])]]), new Map([["c", named]])];
    const [numbers, categories] = await summarizeGroups(duck, { source, groups });
    expect(numbers?.get("x")?.summaries[0]).toMatchObject({ missing: 10 });
    expect(numbers?.has("c")).toBe(false);
    const [summary] = categories?.get("c")?.summaries ?? [];
    expect((summary?.rows ?? 0) + (summary?.missing ?? 0)).toBe(100);
  });

  it("tells what the schema does not know: numbers outside their range, categories that were not there", async () => {
    const source = `(select 0 as "group", i::double as x, 'v' || (i % 4) as c from range(100) r(i))`;
    const plan: GroupPlan = new Map<string, ColumnPlan>([
      ["x", numeric([0, 50, 100], { min: 10, max: 89 })],
      ["c", { kind: "categorical", named: ["v0", "v1"], open: true, known: ["v0", "v1", "v2"] }],
    ]);
    const [found] = await summarizeGroups(duck, { source, groups: [plan] });
    expect(found?.get("x")).toMatchObject({ outside: 20, examples: ["0", "99"] });
    expect(found?.get("c")).toMatchObject({ outside: 25, examples: ["v3"] });
  });

  it("names only the reference's values where the reference could not name all of its own", async () => {
    const source = `(select 0 as "group", 'v' || (i % 1000) as c from range(5000) r(i))`;
    const plan: GroupPlan = new Map<string, ColumnPlan>([
      ["c", { kind: "categorical", named: ["v999", "absent"], open: false, known: null }],
    ]);
    const [found] = await summarizeGroups(duck, { source, groups: [plan] });
    expect(found?.get("c")?.summaries[0]).toEqual({
      kind: "categorical",
      rows: 5_000,
      missing: 0,
      counts: { v999: 5 },
      other: 4_995,
      distinct: 1_000,
    });
  });

  it("counts a column that is constant, or holds nothing at all", async () => {
    const source = `(select 0 as "group", 7.0 as x, null::double as y, null::varchar as c from range(50))`;
    const edges = await sampleEdges(duck, { source, columns: ["x", "y"], rows: 50 });
    const plan: GroupPlan = new Map([
      ["x", numeric(edges.get("x") ?? [])],
      ["y", numeric(edges.get("y") ?? [])],
      ["c", named],
    ]);
    const [found] = await summarizeGroups(duck, { source, groups: [plan] });
    expect(found?.get("x")?.summaries[0]).toMatchObject({ rows: 50, mean: 7, m2: 0, min: 7, max: 7 });
    expect(found?.get("y")?.summaries[0]).toMatchObject({ rows: 0, missing: 50, mean: 0 });
    expect(found?.get("c")?.summaries[0]).toMatchObject({ rows: 0, missing: 50, distinct: 0 });
  });
});
