import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Signature } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { loadModelBytes } from "../../testing/load-bytes.ts";
import { classifierModel, echoModel, onnxModel, sumModel } from "../../testing/onnx-bytes.ts";
import { column, signature } from "../../testing/signatures.ts";
import type { Row } from "./index.ts";
import { onnx } from "./onnx.ts";

const SHARED = fileURLToPath(new URL("../../../../shared/data/onnx", import.meta.url));
const x = signature([column("x0", "double"), column("x1", "double")], {
  task: "classification",
  classes: ["No", "Yes"],
});

async function predict(file: Uint8Array, of: Signature, rows: Row[]) {
  const loaded = await loadModelBytes(onnx, file, of);
  try {
    return await loaded.predict(rows);
  } finally {
    await loaded.model.release();
  }
}

describe("inputs", () => {
  it("takes one input per column by name, whatever the order of the signature", async () => {
    const of = signature([column("b", "integer"), column("a", "double")], { task: "regression" });
    expect(
      await predict(sumModel(), of, [
        [2, 0.5],
        [3, 1],
      ]),
    ).toEqual([{ value: 2.5 }, { value: 4 }]);
  });

  it("feeds doubles to a double model without rounding them to single precision", async () => {
    const of = signature([column("a", "double"), column("b", "double")], { task: "regression" });
    expect(await predict(sumModel("double"), of, [[0.1, 0.2]])).toEqual([{ value: 0.1 + 0.2 }]);
  });

  it.each([
    ["int64", "integer", 9007199254740993n, "9007199254740993"],
    ["int64", "integer", -7, -7],
    ["int32", "integer", 12, 12],
    ["string", "string", "chào", "chào"],
    ["bool", "boolean", true, true],
  ] as const)("carries %s values through a %s column", async (element, type, value, expected) => {
    expect(await predict(echoModel(element), signature([column("v", type)]), [[value]])).toEqual([
      { value: expected },
    ]);
  });

  it("takes a column of shape [rows] as well as [rows, 1]", async () => {
    expect(await predict(echoModel("float", [null]), signature([column("v", "double")]), [[1], [2]])).toEqual(
      [{ value: 1 }, { value: 2 }],
    );
  });

  it("sends a missing number as NaN and a missing text as empty", async () => {
    expect(await predict(echoModel("float"), signature([column("v", "double")]), [[null]])).toEqual([
      { value: "NaN" },
    ]);
    expect(await predict(echoModel("string"), signature([column("v", "string")]), [[null]])).toEqual([
      { value: "" },
    ]);
  });

  it("says that a whole-number input has no missing value", async () => {
    const model = await onnx.load(echoModel("int64"), signature([column("v", "integer")]));
    expect(model.takesNull).toEqual([false]);
    await model.release();
  });

  it("refuses a signature that does not fit, and names both sides", async () => {
    const of = signature([column("a", "double"), column("c", "double")]);
    await expect(onnx.load(sumModel(), of)).rejects.toMatchObject({
      code: "BAD_MODEL",
      message: "the model's inputs do not fit the signature; the signature lacks b; the model lacks c",
    });
  });

  it("refuses text for a numeric input", async () => {
    const of = signature([column("a", "string"), column("b", "double")]);
    await expect(onnx.load(sumModel(), of)).rejects.toMatchObject({ code: "BAD_MODEL", field: "a" });
  });

  it("refuses a matrix of another width", async () => {
    await expect(onnx.load(classifierModel(), signature([column("x0", "double")]))).rejects.toMatchObject({
      code: "BAD_MODEL",
      message: expect.stringContaining("the signature 1 columns"),
    });
  });
});

describe("ZipMap", () => {
  it.each([true, false])("reads the scores of each class (ZipMap: %s)", async (zipMap) => {
    const [low, high] = await predict(classifierModel({ zipMap }), x, [
      [-2, 0],
      [2, 0],
    ]);
    expect(low?.value).toBe("No");
    expect(high?.value).toBe("Yes");
    expect(high?.scores?.["Yes"]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(high?.scores?.["No"]).toBeCloseTo(1 - 1 / (1 + Math.exp(-2)), 6);
  });

  it("opens a model that imports no default operators", async () => {
    const [answered] = await predict(classifierModel({ defaultOpset: false }), x, [[1, 0]]);
    expect(answered?.scores?.["Yes"]).toBeCloseTo(0.7310586, 6);
  });

  it("calls whole-number labels by the signature's classes", async () => {
    const [answered] = await predict(classifierModel({ labels: [0n, 1n] }), x, [[1, 0]]);
    expect(answered?.value).toBe("Yes");
    expect(Object.keys(answered?.scores ?? {})).toEqual(["No", "Yes"]);
  });

  it("keeps the names of the outputs", async () => {
    const { outputs, labels } = await onnx.inspect(classifierModel());
    expect(outputs.map((output) => [output.name, output.datatype, output.shape])).toEqual([
      ["label", "BYTES", [-1]],
      ["probabilities", "FP32", [-1, 2]],
    ]);
    expect(labels).toEqual(["No", "Yes"]);
  });

  it("refuses a signature with another number of classes", async () => {
    await expect(predict(classifierModel(), { ...x, classes: ["a", "b", "c"] }, [])).rejects.toMatchObject({
      code: "BAD_MODEL",
    });
  });
});

describe("fixed batch", () => {
  it.each([1, 2, 3, 5, 7])("answers %i rows by a model that takes three at once", async (count) => {
    const rows = Array.from({ length: count }, (_, index) => [index - 2, 0]);
    const fixed = await predict(classifierModel({ batch: 3 }), x, rows);
    const free = await predict(classifierModel(), x, rows);
    expect(fixed).toEqual(free);
  });
});

describe("files", () => {
  it.each([
    ["an empty file", Buffer.alloc(0)],
    ["text", Buffer.from("not a model at all")],
    ["half a model", sumModel().subarray(0, 60)],
    [
      "a model of unknown operators",
      onnxModel({ nodes: [{ op: "Nope", inputs: [], outputs: [] }], inputs: [], outputs: [] }),
    ],
  ])("refuses %s as no model", async (_, bytes) => {
    await expect(onnx.inspect(bytes)).rejects.toMatchObject({ code: "BAD_MODEL" });
  });
});

describe.skipIf(!existsSync(SHARED))("published models (need ../shared/data)", () => {
  const iris = signature([column("a", "double"), column("b", "double")], {
    task: "classification",
    classes: ["0", "1", "2"],
  });

  it("answers the logistic regression of fixed batch 3 as published", async () => {
    const answers = await predict(readFileSync(`${SHARED}/logreg_iris/model.onnx`), iris, [
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(answers.map((answered) => answered.value)).toEqual(["0", "0", "0"]);
    const scores = answers[0]?.scores ?? {};
    expect(scores["0"]).toBeCloseTo(0.950599730014801, 6);
    expect(scores["1"]).toBeCloseTo(0.027834169566631317, 6);
    expect(scores["2"]).toBeCloseTo(0.02156602405011654, 6);
  });

  it("answers the LightGBM model of fixed batch 1 as published", async () => {
    const [answered] = await predict(readFileSync(`${SHARED}/lightgbm_iris2/model.onnx`), iris, [[5.8, 2.8]]);
    expect(answered?.value).toBe("1");
    expect(answered?.scores?.["0"]).toBeCloseTo(0.2593829035758972, 7);
    expect(answered?.scores?.["1"]).toBeCloseTo(0.409047931432724, 7);
    expect(answered?.scores?.["2"]).toBeCloseTo(0.3315691649913788, 7);
  });
});
