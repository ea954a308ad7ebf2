import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Signature } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { loadModelBytes } from "../../testing/load-bytes.ts";
import { column, signature } from "../../testing/signatures.ts";
import { trainYdf } from "../../testing/ydf-model.ts";
import type { Row } from "./index.ts";
import { ydf } from "./ydf.ts";

async function predict(file: Uint8Array, of: Signature, rows: Row[]) {
  const loaded = await loadModelBytes(ydf, file, of);
  try {
    return await loaded.predict(rows);
  } finally {
    await loaded.model.release();
  }
}

const inputs = [column("a", "double"), column("b", "string"), column("flag", "boolean")];
const table = (target: (a: number, b: string) => string | number) =>
  [
    "a,b,flag,y",
    ...Array.from({ length: 400 }, (_, index) => {
      const a = index % 17;
      const b = ["red", "green", "blue"][index % 3] ?? "";
      return `${index % 11 === 0 ? "" : a},${b},${index % 2 === 0},${target(a, b)}`;
    }),
  ].join("\n");

describe("the package's own model of the adult table", () => {
  const file = readFileSync(createRequire(import.meta.url).resolve("ydf-inference/test/model_1.zip"));
  const adult = signature(
    [
      ["age", "integer"],
      ["workclass", "string"],
      ["fnlwgt", "integer"],
      ["education", "string"],
      ["education_num", "integer"],
      ["marital_status", "string"],
      ["occupation", "string"],
      ["relationship", "string"],
      ["race", "string"],
      ["sex", "string"],
      ["capital_gain", "integer"],
      ["capital_loss", "integer"],
      ["hours_per_week", "integer"],
      ["native_country", "string"],
    ].map(([name = "", type]) => column(name, type === "integer" ? "integer" : "string")),
    { task: "classification" },
  );

  it("answers as the package's test publishes, a missing value included", async () => {
    const rows: Row[] = [
      [
        39,
        "State-gov",
        77516,
        "Bachelors",
        13,
        "Never-married",
        "Adm-clerical",
        "Not-in-family",
        "White",
        "Male",
        2174,
        0,
        40,
        "United-States",
      ],
      [
        40,
        "Private",
        121772,
        "Assoc-voc",
        11,
        "Married-civ-spouse",
        "Craft-repair",
        "Husband",
        "Asian-Pac-Islander",
        "Male",
        0,
        0,
        40,
        null,
      ],
    ];
    const answers = await predict(file, adult, rows);
    const [negative = "", positive = ""] = Object.keys(answers[0]?.scores ?? {});
    expect(answers[0]?.scores?.[positive]).toBeCloseTo(0.13323983550071716, 6);
    expect(answers[1]?.scores?.[positive]).toBeCloseTo(0.47678571939468384, 6);
    expect(answers.map((answered) => answered.value)).toEqual([negative, negative]);
  });

  it("refuses a signature that lacks a column of the model", async () => {
    await expect(ydf.load(file, signature([column("age", "integer")]))).rejects.toMatchObject({
      code: "BAD_MODEL",
    });
  });
});

describe("trained models", () => {
  it("gives two classes with the score of each by its own name", async () => {
    const file = await trainYdf(
      table((a) => (a > 8 ? "Yes" : "No")),
      "CLASSIFICATION",
    );
    const of = signature(inputs, { task: "classification", classes: ["No", "Yes"] });
    const [low, high] = await predict(file, of, [
      [1, "red", true],
      [16, "red", true],
    ]);
    expect([low?.value, high?.value]).toEqual(["No", "Yes"]);
    expect(low?.scores?.["No"]).toBeGreaterThan(0.8);
    expect(high?.scores?.["Yes"]).toBeGreaterThan(0.8);
  });

  it("gives many classes, takes missing and unseen values", async () => {
    const file = await trainYdf(
      table((a, b) => (b === "red" ? "r" : a > 8 ? "hi" : "lo")),
      "CLASSIFICATION",
    );
    const of = signature(inputs, { task: "classification", classes: ["hi", "lo", "r"] });
    const answers = await predict(file, of, [
      [1, "red", true],
      [16, "green", false],
      [null, "never seen", null],
    ]);
    expect(answers.slice(0, 2).map((answered) => answered.value)).toEqual(["r", "hi"]);
    const sums = answers.map(({ scores }) =>
      Object.values(scores ?? {}).reduce((sum, score) => sum + score, 0),
    );
    for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
  });

  it("gives a number for regression", async () => {
    const file = await trainYdf(
      table((a) => a * 2 + 0.5),
      "REGRESSION",
    );
    const [answered] = await predict(file, signature(inputs, { task: "regression" }), [[1, "red", true]]);
    expect(answered?.value).toBeCloseTo(2.5, 1);
  });
});

describe("files", () => {
  it.each([
    ["text", Buffer.from("hello")],
    ["an empty file", Buffer.alloc(0)],
  ])("refuses %s as no model", async (_, bytes) => {
    await expect(ydf.inspect(bytes)).rejects.toMatchObject({ code: "BAD_MODEL" });
  });
});
