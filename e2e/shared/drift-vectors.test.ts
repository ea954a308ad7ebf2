import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ColumnSummary,
  compareColumn,
  referenceEdges,
  summarizeCategories,
  summarizeNumbers,
} from "@causeway/statistics";
import { describe, expect, it } from "vitest";
import { requires, SHARED_DATA } from "../src/requirement.ts";

const FOLDER = join(SHARED_DATA, "drift_vectors");
/** The reference of the published one-sample test counts as known without error: as a sample without end. */
const ENDLESS = 1e9;

type Published = readonly (string | number)[] | Readonly<Record<string, number>> | string;
interface Vector {
  readonly id: string;
  readonly reference: Published;
  readonly current: Published;
  readonly expected: number;
  readonly tol: number;
  readonly check_scipy?: number;
  readonly extra_scipy?: Readonly<Record<string, number>>;
}

function vectors(): Map<string, Vector> {
  const all: readonly Vector[] = JSON.parse(readFileSync(join(FOLDER, "vectors.json"), "utf8"));
  return new Map(all.map((vector) => [vector.id, vector]));
}

/** `Array.isArray` tells a read-only list from nothing. */
function isList(published: Published): published is readonly (string | number)[] {
  return Array.isArray(published);
}

/** Categories given as a list or as counts. */
function categories(published: Published): ColumnSummary {
  if (typeof published === "string") throw new Error(`${published} holds numbers`);
  const listed = isList(published)
    ? published.map(String)
    : Object.entries(published).flatMap(([value, rows]) => new Array<string>(rows).fill(value));
  return summarizeCategories(listed);
}

function numbers(published: Published): number[] {
  if (typeof published === "string") {
    const [, ...lines] = readFileSync(join(FOLDER, published), "utf8").trim().split("\n");
    return lines.map(Number);
  }
  return isList(published) ? published.map(Number) : [];
}

function scores(reference: ColumnSummary, current: ColumnSummary) {
  const found = compareColumn(reference, current).scores;
  return (method: string) => found.find((score) => score.method === method);
}

function times({ rows, ...summary }: ColumnSummary, factor: number): ColumnSummary {
  if (summary.kind === "numeric") throw new Error("Numbers are not multiplied.");
  const counts = Object.entries(summary.counts).map(([value, count]) => [value, count * factor] as const);
  return { ...summary, rows: rows * factor, counts: Object.fromEntries(counts) };
}

describe.runIf(requires("shared"))("published values of drift statistics", () => {
  const known = requires("shared") ? vectors() : new Map<string, Vector>();
  const vector = (id: string): Vector => {
    const found = known.get(id);
    if (!found) throw new Error(`${FOLDER} has no vector ${id}`);
    return found;
  };

  it.each([
    ["psi", "psi_cat_empty_bin"],
    ["hellinger", "hellinger_cat"],
    ["l_infinity", "l_infinity_0"],
    ["l_infinity", "l_infinity_1"],
    ["l_infinity", "l_infinity_2"],
    ["jensenshannon", "js_categorical"],
  ])("%s of %s", (method, id) => {
    const { reference, current, expected, tol, check_scipy } = vector(id);
    const score = scores(categories(reference), categories(current))(method)?.score ?? Number.NaN;
    expect(Math.abs(score - expected)).toBeLessThanOrEqual(tol);
    expect(score).toBeCloseTo(check_scipy ?? Number.NaN, 12);
  });

  it("hellinger of js_categorical, beside it", () => {
    const { reference, current, extra_scipy } = vector("js_categorical");
    const score = scores(categories(reference), categories(current))("hellinger")?.score;
    expect(score).toBeCloseTo(extra_scipy?.["hellinger"] ?? Number.NaN, 12);
  });

  it.each(["chisq_p", "chisq_p_ref_doubled"])(
    "chisquare of %s, where the reference is known without error",
    (id) => {
      const { reference, current, expected, tol } = vector(id);
      const p =
        scores(times(categories(reference), ENDLESS), categories(current))("chisquare")?.pValue ?? Number.NaN;
      expect(Math.abs(p - expected)).toBeLessThanOrEqual(tol);
      // A reference that is a sample like the other makes the same difference less sure.
      expect(scores(categories(reference), categories(current))("chisquare")?.pValue).toBeGreaterThan(p);
    },
  );

  it("wasserstein and ks of ten thousand rows against one thousand moved by one", () => {
    const { reference, current, expected, tol, extra_scipy } = vector("wasserstein_normal_shift1");
    const before = numbers(reference);
    const now = numbers(current);
    const edges = referenceEdges(Float64Array.from(before).sort());
    const [first, second] = [summarizeNumbers(before, edges), summarizeNumbers(now, edges)];
    const found = scores(first, second);
    const spread = Math.sqrt(first.m2 / first.rows);
    expect(Math.abs((found("wasserstein")?.score ?? 0) * spread - expected)).toBeLessThanOrEqual(tol);
    expect(found("ks")?.score).toBeCloseTo(extra_scipy?.["ks_statistic"] ?? Number.NaN, 12);
    // The published p counts all paths; here the asymptotic tail answers beyond a quarter million cells.
    const p = found("ks")?.pValue ?? Number.NaN;
    expect(Math.log(p) / Math.log(extra_scipy?.["ks_p"] ?? Number.NaN)).toBeCloseTo(1, 1);
    expect(first.mean).toBeCloseTo(extra_scipy?.["mean_ref"] ?? Number.NaN, 12);
    expect(second.mean).toBeCloseTo(extra_scipy?.["mean_analysis"] ?? Number.NaN, 12);
  });
});
