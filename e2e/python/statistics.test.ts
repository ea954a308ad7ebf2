import { spawnSync } from "node:child_process";
import { join } from "node:path";
import {
  type ColumnSummary,
  compareColumn,
  estimateMetric,
  type JudgedRows,
  listMetrics,
  referenceEdges,
  summarizeCategories,
  summarizeNumbers,
} from "@causeway/statistics";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../src/causeway.ts";
import { EVIDENTLY_PYTHON, requires } from "../src/requirement.ts";
import { seededRandom } from "../src/seeded-random.ts";

type Case =
  | { name: string; kind: "numeric"; reference: number[]; current: number[] }
  | { name: string; kind: "categorical"; reference: string[]; current: string[] };
type Scores = Readonly<Record<string, number>>;
interface Answer<One> {
  readonly cases: readonly One[];
  readonly metrics: Scores;
}

const random = seededRandom(20);
const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
const drawn = <Value>(rows: number, draw: () => Value) => Array.from({ length: rows }, draw);
const among = (...shares: number[]) => {
  let left = random();
  const place = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return `value ${place}`;
};

const CASES: readonly Case[] = [
  ...[0, 0.3, 1].map((moved) => ({
    name: `a normal column moved by ${moved}`,
    kind: "numeric" as const,
    reference: drawn(700, normal),
    current: drawn(400, () => normal() + moved),
  })),
  {
    name: "a skewed column",
    kind: "numeric",
    reference: drawn(900, () => Math.exp(normal())),
    current: drawn(300, () => Math.exp(normal() * 1.3)),
  },
  {
    name: "rounded amounts",
    kind: "numeric",
    reference: drawn(500, () => Math.round(normal() * 20) / 4),
    current: drawn(450, () => Math.round(normal() * 25) / 4),
  },
  {
    name: "eleven rows against seven",
    kind: "numeric",
    reference: drawn(11, normal),
    current: drawn(7, normal),
  },
  {
    name: "thousands of rows",
    kind: "numeric",
    reference: drawn(5000, normal),
    current: drawn(4000, () => normal() + 0.03),
  },
  {
    name: "two categories",
    kind: "categorical",
    reference: drawn(400, () => among(0.3, 0.7)),
    current: drawn(300, () => among(0.36, 0.64)),
  },
  {
    name: "five categories",
    kind: "categorical",
    reference: drawn(800, () => among(0.4, 0.3, 0.15, 0.1, 0.05)),
    current: drawn(500, () => among(0.3, 0.3, 0.2, 0.15, 0.05)),
  },
  {
    name: "a category that is new and one that is gone",
    kind: "categorical",
    reference: [...drawn(300, () => among(0.5, 0.5)), ...new Array<string>(30).fill("gone")],
    current: [...drawn(250, () => among(0.5, 0.5)), ...new Array<string>(20).fill("new")],
  },
];

/** Predictions that two classes and amounts are judged on. */
const ROWS = (() => {
  const scores = drawn(500, () => Math.round(random() * 998 + 1) / 1000);
  const truth = scores.map((score) => (random() < 0.2 + 0.6 * score ? 1 : 0));
  const target = drawn(500, () => 5 + normal());
  return {
    scores,
    truth,
    predicted: scores.map((score) => (score >= 0.5 ? 1 : 0)),
    target,
    amounts: target.map((value) => value + normal() / 2),
  };
})();

/** Asks the other library about every case. */
function ask<One>(python: string, library: "scipy" | "evidently"): Answer<One> {
  const { status, stdout, stderr } = spawnSync(
    python,
    [join(ROOT, "e2e", "python", "reference_scores.py"), library],
    {
      input: JSON.stringify({ cases: CASES, rows: ROWS }),
      encoding: "utf8",
      maxBuffer: 1e8,
      env: { ...process.env, DO_NOT_TRACK: "1" },
    },
  );
  if (status !== 0) throw new Error(`${python} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

function summaries(one: Case): [ColumnSummary, ColumnSummary] {
  if (one.kind === "categorical")
    return [summarizeCategories(one.reference), summarizeCategories(one.current)];
  const edges = referenceEdges(Float64Array.from(one.reference).sort());
  return [summarizeNumbers(one.reference, edges), summarizeNumbers(one.current, edges)];
}

function compared(one: Case) {
  const found = compareColumn(...summaries(one));
  const scores = new Map(found.scores.map((score) => [score.method, score]));
  return { ...found, of: (method: string) => scores.get(method) };
}

/** Equal in proportion. */
function near(found: number | null | undefined, expected: number | undefined, relative = 1e-9): void {
  const [ours, theirs] = [found ?? Number.NaN, expected ?? Number.NaN];
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(relative * Math.max(Math.abs(theirs), 1e-12));
}

describe.runIf(requires("python"))("against SciPy and scikit-learn", () => {
  let answer: Answer<Scores>;
  beforeAll(() => {
    answer = ask("python3", "scipy");
  });

  it.each(CASES.map((one, i) => [one.name, one, i] as const))("scores equal SciPy's for %s", (_, one, i) => {
    const theirs = answer.cases[i] ?? {};
    const ours = compared(one);
    if (one.kind === "numeric") {
      near(ours.of("ks")?.score, theirs["ks"]);
      near(ours.of("wasserstein")?.score, theirs["wasserstein"]);
      expect([ours.effect, ours.pValue]).toEqual([ours.of("ks")?.score, ours.of("ks")?.pValue]);
      const cells = one.reference.length * one.current.length * 2 * ours.effect;
      near(ours.pValue, theirs[cells <= 250_000 ? "ks_p" : "ks_p_asymptotic"], 1e-6);
      return;
    }
    for (const method of ["jensenshannon", "hellinger", "total_variation", "l_infinity"]) {
      near(ours.of(method)?.score, theirs[method]);
    }
    if ("chisquare" in theirs) {
      near(ours.of("chisquare")?.score, theirs["chisquare"]);
      near(ours.of("chisquare")?.pValue, theirs["chisquare_p"]);
    }
    if ("exact_p" in theirs) near(ours.pValue, theirs["exact_p"], 1e-8);
  });

  it("values of metrics equal scikit-learn's", () => {
    const classes: JudgedRows = {
      task: "classification",
      truth: Int32Array.from(ROWS.truth),
      predicted: Int32Array.from(ROWS.predicted),
      classes: 2,
      positive: 1,
      probabilities: Float64Array.from(ROWS.scores.flatMap((score) => [1 - score, score])),
    };
    const amounts: JudgedRows = {
      task: "regression",
      truth: Float64Array.from(ROWS.target),
      predicted: Float64Array.from(ROWS.amounts),
    };
    for (const { name, task } of listMetrics()) {
      const rows = task === "classification" ? classes : amounts;
      near(estimateMetric(name, rows, { confidence: 0.95, seed: 1 })?.value, answer.metrics[name]);
    }
  });
});

type Evidently = Scores & { readonly bins?: { reference: number[]; current: number[] } };

describe.runIf(requires("evidently"))("against Evidently 0.7.21", () => {
  let answer: Answer<Evidently>;
  beforeAll(() => {
    answer = ask(EVIDENTLY_PYTHON, "evidently");
  }, 120_000);

  const theirsOf = (i: number): Evidently => answer.cases[i] ?? {};
  const numeric = CASES.flatMap((one, i) => (one.kind === "numeric" ? [[one.name, one, i] as const] : []));
  const categorical = CASES.flatMap((one, i) =>
    one.kind === "categorical" ? [[one.name, one, i] as const] : [],
  );

  it.each(numeric)("ks and wasserstein are the same for %s", (_, one, i) => {
    const ours = compared(one);
    near(ours.of("wasserstein")?.score, theirsOf(i)["wasserstein"]);
    // Beyond a quarter million cells ours is asymptotic, theirs exact up to 10,000 rows.
    near(ours.of("ks")?.pValue, theirsOf(i)["ks"], one.reference.length > 1000 ? 0.05 : 1e-9);
  });

  // Their bins span both columns, ours are tenths of the reference; columns of up to 20 values they count one by one.
  const binned = numeric.filter(([, one]) => new Set(one.reference).size > 20);
  it.each(binned)("psi and jensenshannon are the same in the same bins for %s", (_, __, i) => {
    const theirs = theirsOf(i);
    const inTheirBins = (counts: readonly number[]): ColumnSummary => ({
      kind: "categorical",
      rows: counts.reduce((sum, count) => sum + count, 0),
      missing: 0,
      counts: Object.fromEntries(counts.map((count, bin) => [`bin ${bin}`, count])),
      other: 0,
      distinct: counts.length,
    });
    if (!theirs.bins) throw new Error("Evidently told no bins");
    const { scores } = compareColumn(inTheirBins(theirs.bins.reference), inTheirBins(theirs.bins.current));
    const score = (method: string) => scores.find((one) => one.method === method)?.score ?? Number.NaN;
    near(score("psi"), theirs["psi"], 1e-6);
    near(score("jensenshannon") * Math.sqrt(Math.LN2), theirs["jensenshannon"]);
  });

  it.each(categorical)("psi, jensenshannon and hellinger are the same for %s", (_, one, i) => {
    const ours = compared(one);
    near(ours.of("psi")?.score, theirsOf(i)["psi"]);
    near(ours.of("hellinger")?.score, theirsOf(i)["hellinger"]);
    // Their logarithm is natural, ours to the base 2.
    near((ours.of("jensenshannon")?.score ?? 0) * Math.sqrt(Math.LN2), theirsOf(i)["jensenshannon"]);
  });

  it.each(categorical)("chisquare tells a new category apart from a certainty for %s", (_, one, i) => {
    const ours = compared(one);
    const theirs = theirsOf(i)["chi"] ?? Number.NaN;
    if (one.current.some((value) => !one.reference.includes(value as never))) {
      // They expect 0 rows of it and divide by that.
      expect(theirs).toBe(0);
      expect(ours.of("chisquare")?.pValue).toBeGreaterThan(0);
      return;
    }
    // They take the reference as known without error; ours is a sample too, so the same difference is less sure.
    expect(ours.of("chisquare")?.pValue).toBeGreaterThan(theirs);
    const [reference, current] = summaries(one);
    const endless = (summary: ColumnSummary): ColumnSummary =>
      summary.kind === "categorical"
        ? {
            ...summary,
            rows: summary.rows * 1e9,
            counts: Object.fromEntries(
              Object.entries(summary.counts).map(([value, rows]) => [value, rows * 1e9]),
            ),
          }
        : summary;
    const known = compareColumn(endless(reference), current).scores.find(
      ({ method }) => method === "chisquare",
    );
    near(known?.pValue, theirs, 1e-5);
  });

  it.each(categorical.filter(([, one]) => new Set([...one.reference, ...one.current]).size === 2))(
    "z is the same for %s",
    (_, one, i) => {
      near(compared(one).of("z")?.pValue, theirsOf(i)["z"]);
    },
  );
});
