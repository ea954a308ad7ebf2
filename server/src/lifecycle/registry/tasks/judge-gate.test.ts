import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Column, GateRule, GoldenRow, Signature } from "@causeway/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CLASSIFIER, SUM } from "../../../../testing/tiny-models.ts";
import { literal, openDuck } from "../../data/index.ts";
import { type GateOrder, type GateSide, judgeGate } from "./judge-gate.ts";

// Every test asks the gateway's real program, in processes of its own.
const ROOT = resolve(import.meta.dirname, "../../../../..");
const folder = mkdtempSync("/tmp/causeway-gate-");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ROWS = 1200;

const schema: Column[] = [
  { name: "u", type: "double", nullable: false },
  { name: "noise", type: "double", nullable: false },
  { name: "a", type: "double", nullable: false },
  { name: "b", type: "double", nullable: false },
  { name: "plan", type: "string", nullable: true },
  { name: "Churn", type: "string", nullable: true },
  { name: "total", type: "double", nullable: false },
  { name: "none", type: "string", nullable: true },
];

/** `u` tells the class, `noise` does not; in the plan `odd` the truth is turned round. */
beforeAll(async () => {
  const duck = await openDuck({ threads: 1, memoryBytes: 128 * 2 ** 20 });
  await duck.run(`copy (
    select ((i * 7919) % 401 - 200) / 50.0::double as u, ((i * 31) % 101 - 50) / 25.0::double as noise,
      (i % 10)::double as a, (i % 7)::double as b,
      case when i % 20 = 0 then 'odd' when i % 400 = 7 then null else 'usual' end as plan,
      case when i % 300 = 299 then null
        when ((i * 104729) % 997 / 997.0 < 1 / (1 + exp(-u))) = (i % 20 <> 0) then 'Yes' else 'No' end as Churn,
      a + b + (i % 3 - 1)::double as total, null::varchar as none
    from range(${ROWS}) r(i)) to ${literal(join(folder, "rows.parquet"))} (format parquet)`);
  duck.close();
  writeFileSync(join(folder, "classifier.onnx"), CLASSIFIER);
  writeFileSync(join(folder, "sum.onnx"), SUM);
});

const double = (name: string) => ({
  name,
  type: "double" as const,
  nullable: false,
  categories: null,
  range: null,
});

/** The model scores by its first column alone. */
function classifier(version: number, columns: [string, string], golden: GoldenRow[] = []): GateSide {
  const inputs = columns.map(double);
  const signature: Signature = { task: "classification", target: "Churn", classes: ["No", "Yes"], inputs };
  return {
    version,
    format: "onnx",
    path: join(folder, "classifier.onnx"),
    signature,
    columns: inputs,
    golden,
    positive: "Yes",
  };
}

function sum(version: number, columns: [string, string]): GateSide {
  const signature: Signature = {
    task: "regression",
    target: "total",
    classes: [],
    inputs: columns.map((_, index) => double(["a", "b"][index] ?? "")),
  };
  const shared = {
    version,
    format: "onnx" as const,
    path: join(folder, "sum.onnx"),
    golden: [],
    positive: null,
  };
  return { ...shared, signature, columns: signature.inputs };
}

let orders = 0;
async function judge(order: {
  challenger: GateSide;
  champion: GateSide | null;
  rules: GateRule[];
  target?: string;
}) {
  const scratch = join(folder, `scratch-${++orders}`);
  mkdirSync(scratch);
  const { target = "Churn", ...rest } = order;
  const whole: GateOrder = {
    program: { command: process.execPath, args: [join(ROOT, "gateway", "src", "main.ts")] },
    rows: { paths: [join(folder, "rows.parquet")], schema, target },
    seed: 7,
    ...rest,
  };
  return judgeGate(whole, { scratch, dataDir: folder, progress: () => {} });
}

const auc = { metric: "auc", confidence: 0.95 };

it("R4/champion judges both versions on the same rows, each by its own columns, with the interval of the difference", async () => {
  const rules: GateRule[] = [{ rule: "better", by: 0, ...auc }];
  const found = await judge({
    challenger: classifier(2, ["u", "noise"]),
    champion: classifier(1, ["noise", "a"]),
    rules,
  });
  expect(found).toMatchObject({ rows: 1196, passed: true });
  const [verdict] = found.verdicts;
  expect(verdict?.challenger?.value).toBeGreaterThan(0.75);
  expect(verdict?.champion?.value).toBeLessThan(0.6);
  expect(verdict?.difference?.low).toBeGreaterThan(0.1);
  expect(verdict?.difference?.high).toBeGreaterThan(verdict?.difference?.low ?? 1);
  expect(found.summary).toMatch(
    /^auc 0\.\d{3} \(.*\) against 0\.\d{3}, difference 0\.\d{3} \(.*\): better by more than 0$/,
  );
});

it("R4/champion refuses the worse version, and a margin beyond what the rows show, with the figures", async () => {
  const worse = await judge({
    challenger: classifier(2, ["noise", "a"]),
    champion: classifier(1, ["u", "noise"]),
    rules: [
      { rule: "better", by: 0, ...auc },
      { rule: "not-worse", by: 0.01, ...auc },
    ],
  });
  expect(worse.passed).toBe(false);
  expect(worse.verdicts.map(({ passed }) => passed)).toEqual([false, false]);
  expect(worse.summary).toContain("not shown to be better by more than 0; auc");
  const margin = await judge({
    challenger: classifier(2, ["u", "noise"]),
    champion: classifier(1, ["noise", "a"]),
    rules: [{ rule: "better", by: 0.6, ...auc }],
  });
  expect(margin.passed).toBe(false);
});

it("finds no difference between a version and itself, and gives the same answer again", async () => {
  const rules: GateRule[] = [
    { rule: "not-worse", by: 0.01, ...auc },
    { rule: "better", metric: "f1", by: 0, confidence: 0.9 },
  ];
  const order = { challenger: classifier(2, ["u", "noise"]), champion: classifier(1, ["u", "noise"]), rules };
  const [first, second] = [await judge(order), await judge(order)];
  expect(first).toEqual(second);
  expect(first.verdicts.map(({ passed }) => passed)).toEqual([true, false]);
  expect(first.verdicts[1]?.difference?.value).toBe(0);
});

it("R4/thresholds holds a version to a floor of its own, and passes comparisons where there is no champion", async () => {
  const found = await judge({
    challenger: classifier(1, ["u", "noise"]),
    champion: null,
    rules: [
      { rule: "better", by: 0, ...auc },
      { rule: "at-least", metric: "accuracy", value: 0.7 },
      { rule: "at-least", metric: "log_loss", value: 0.1 },
      { rule: "rows", least: 2_000 },
    ],
  });
  expect(found.verdicts.map(({ passed }) => passed)).toEqual([true, true, false, false]);
  expect(found.verdicts.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^auc .*; there is no champion to compare with$/),
    expect.stringMatching(/^accuracy .*, at least 0.7 is wanted$/),
    expect.stringMatching(/^log-loss|^log_loss/),
    "1,196 rows were judged; at least 2,000 are wanted",
  ]);
});

it("R4/slices holds a version to a floor in every slice that is large enough", async () => {
  const rule = { rule: "at-least", metric: "accuracy", value: 0.5, slice: "plan" } as const;
  const found = await judge({
    challenger: classifier(2, ["u", "noise"]),
    champion: classifier(1, ["noise", "a"]),
    rules: [rule, { ...rule, value: 0.01 }],
  });
  const [refused, passed] = found.verdicts;
  expect(refused?.slices?.map(({ value, rows }) => [value, rows])).toEqual([
    ["usual", 1133],
    ["odd", 60],
  ]);
  expect(refused).toMatchObject({ passed: false });
  expect(refused?.reason).toMatch(
    /^accuracy is 0\.\d{3} where plan is odd \(60 rows\), at least 0\.5 is wanted; 1 of 2/,
  );
  expect(passed).toMatchObject({ passed: true });
});

it("says how far a refit's answers are from the judged version's, with its golden rows", async () => {
  const golden: GoldenRow[] = [
    { record: { u: 3, noise: 0 }, prediction: { value: "Yes", scores: { No: 0.05, Yes: 0.95 } } },
    { record: { u: -3, noise: 0 }, prediction: { value: "No", scores: { No: 0.95, Yes: 0.05 } } },
    { record: { u: -2, noise: 0 }, prediction: { value: "Yes", scores: { No: 0.1, Yes: 0.9 } } },
  ];
  const rules: GateRule[] = [{ rule: "agrees", mean: 0.1, golden: 0.6 }];
  const same = await judge({
    challenger: classifier(3, ["u", "noise"]),
    champion: classifier(2, ["u", "noise"], golden),
    rules,
  });
  expect(same.summary).toBe(
    "answers differ by 0.000 on average and 0.000 at most, 2 of 3 golden rows are alike",
  );
  expect(same.passed).toBe(true);
  const other = await judge({
    challenger: classifier(3, ["noise", "u"]),
    champion: classifier(2, ["u", "noise"], golden),
    rules,
  });
  expect(other.passed).toBe(false);
  expect(other.summary).toContain("wanted are at most 0.1 on average and 2 golden rows");
});

it("judges numbers in the direction in which less is better", async () => {
  const found = await judge({
    challenger: sum(2, ["a", "b"]),
    champion: sum(1, ["a", "b"]),
    target: "total",
    rules: [
      { rule: "not-worse", metric: "rmse", by: 0.01, confidence: 0.95 },
      { rule: "at-least", metric: "rmse", value: 0.5 },
      { rule: "at-least", metric: "mae", value: 0.7 },
      { rule: "agrees", mean: 0, golden: 0 },
    ],
  });
  expect(found.verdicts.map(({ passed }) => passed)).toEqual([true, false, true, true]);
  expect(found.verdicts[1]?.reason).toMatch(/at most 0\.5 is wanted: it does not reach it$/);
});

it("refuses rows without truth", async () => {
  const rules: GateRule[] = [{ rule: "rows", least: 1 }];
  const order = { challenger: classifier(1, ["u", "noise"]), champion: null, rules, target: "none" };
  await expect(judge(order)).rejects.toMatchObject({ code: "BAD_DATA" });
});
