import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Column, Profile } from "@causeway/contract";
import { afterAll, describe, expect, it } from "vitest";
import { openDuck } from "../tables/duck.ts";
import { digestPart } from "../tables/part-digest.ts";
import { profileVersion } from "./profile-version.ts";

const folder = mkdtempSync(join(tmpdir(), "causeway-profile-"));
const duck = await openDuck({ threads: 2, memoryBytes: 512 * 1024 * 1024 });
afterAll(() => {
  duck.close();
  rmSync(folder, { recursive: true, force: true });
});

const SCHEMA: Column[] = [
  { name: "n", type: "integer", nullable: true },
  { name: "x", type: "double", nullable: false },
  { name: "color", type: "string", nullable: false },
  { name: "ok", type: "boolean", nullable: false },
  { name: "at", type: "timestamp", nullable: false },
  // A name that SQL could take for something of its own.
  { name: "e", type: "string", nullable: true },
];

let files = 0;
async function partOf(from: number, to: number) {
  const path = join(folder, `${files++}.parquet`);
  await duck.run(
    `copy (select case when i % 10 = 0 then null else i end::bigint as n,
       case when i = 7 then 'inf'::double else i / 4.0 end as x,
       case when i % 4 = 0 then 'red' else 'blue' end as color, i % 2 = 0 as ok,
       timestamp '2024-01-01' + to_hours(i::int) as at, null::varchar as e
     from range(${from}, ${to}) r(i)) to '${path}' (format parquet)`,
  );
  return { path, ...(await digestPart(duck, path, SCHEMA)) };
}

const columnOf = (profile: Profile, name: string) => profile.columns.find((column) => column.name === name);

describe("profileVersion", () => {
  it("D4/count D4/distinct D4/moments D4/histogram D4/top-values describe every type of column", async () => {
    const profile = await profileVersion(duck, [await partOf(0, 1_000)], SCHEMA);
    expect(profile.rows).toBe(1_000);
    expect(columnOf(profile, "n")).toMatchObject({
      count: 900,
      missing: 100,
      distinct: 900,
      min: 1,
      max: 999,
      mean: 500,
    });
    // The infinity counts as a value and stays out of the moments.
    expect(columnOf(profile, "x")).toMatchObject({
      count: 1_000,
      missing: 0,
      distinct: 1_000,
      min: 0,
      max: 249.75,
    });
    const histogram = columnOf(profile, "n")?.histogram;
    expect(histogram?.edges).toHaveLength(21);
    expect([histogram?.edges[0], histogram?.edges[20]]).toEqual([1, 999]);
    expect(histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(900);
    expect(columnOf(profile, "color")).toMatchObject({
      distinct: 2,
      min: "blue",
      max: "red",
      mean: null,
      quantiles: [],
      histogram: null,
      top: [
        { value: "blue", count: 750 },
        { value: "red", count: 250 },
      ],
    });
    expect(columnOf(profile, "ok")?.top).toEqual([
      { value: "false", count: 500 },
      { value: "true", count: 500 },
    ]);
    expect(columnOf(profile, "at")).toMatchObject({
      min: "2024-01-01T00:00:00.000Z",
      max: "2024-02-11T15:00:00.000Z",
    });
    expect(columnOf(profile, "e")).toMatchObject({
      count: 0,
      missing: 1_000,
      distinct: 0,
      min: null,
      top: [],
    });
  });

  it("D4/mergeable gives for parts what it gives for the whole", async () => {
    const whole = await profileVersion(duck, [await partOf(0, 3_000)], SCHEMA);
    const parts = [await partOf(0, 700), await partOf(700, 2_900), await partOf(2_900, 3_000)];
    const merged = await profileVersion(duck, parts, SCHEMA);
    for (const [index, column] of merged.columns.entries()) {
      const { mean, std, ...exact } = column;
      expect(whole.columns[index]).toMatchObject(exact);
      if (mean !== null) expect(mean).toBeCloseTo(whole.columns[index]?.mean ?? Number.NaN, 9);
      if (std !== null) expect(std).toBeCloseTo(whole.columns[index]?.std ?? Number.NaN, 9);
    }
  });

  it("tells the same of many rows as of few, by other queries", async () => {
    const profile = await profileVersion(duck, [await partOf(0, 120_000)], SCHEMA);
    expect(columnOf(profile, "color")?.top).toEqual([
      { value: "blue", count: 90_000 },
      { value: "red", count: 30_000 },
    ]);
    expect(columnOf(profile, "e")).toMatchObject({ count: 0, distinct: 0, top: [] });
    // Beyond a thousand values the number of distinct ones is HyperLogLog's.
    expect(columnOf(profile, "n")?.distinct).toBeGreaterThan(105_000);
    expect(columnOf(profile, "n")?.distinct).toBeLessThan(111_000);
    expect(columnOf(profile, "n")?.quantiles.find(({ p }) => p === 0.5)?.value).toBeCloseTo(60_000, -1);
  });
});
