import { readdirSync } from "node:fs";
import { MODEL_FORMATS } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { loadModelBytes } from "../../testing/load-bytes.ts";
import { classifierModel } from "../../testing/onnx-bytes.ts";
import { column, signature } from "../../testing/signatures.ts";
import { trainYdf } from "../../testing/ydf-model.ts";
import { DATATYPES, FILE_RUNTIMES, type FileRuntime, type Row, RUNTIMES, runtimeOf } from "./index.ts";

const of = signature([column("x0", "double"), column("x1", "double")], {
  task: "classification",
  classes: ["No", "Yes"],
});

/** The same rule, learned or written, for every format: class Yes where x0 is above 0. */
const MODELS: Record<FileRuntime["format"], () => Promise<Uint8Array>> = {
  onnx: async () => classifierModel(),
  ydf: () =>
    trainYdf(
      [
        "x0,x1,y",
        ...Array.from({ length: 300 }, (_, i) => `${(i % 21) - 10},${i % 7},${i % 21 > 10 ? "Yes" : "No"}`),
      ].join("\n"),
      "CLASSIFICATION",
    ),
};

const ROWS: Row[] = [
  [-9, 1],
  [9, 1],
  [5, 3],
  [-5, 0],
  [9.5, 2],
];

it("lists every format that the contract knows, once", () => {
  expect(RUNTIMES.map((runtime) => runtime.format).sort()).toEqual([...MODEL_FORMATS].sort());
  const members = readdirSync(import.meta.dirname).filter((name) =>
    MODEL_FORMATS.some((format) => name === `${format}.ts`),
  );
  expect(members).toHaveLength(RUNTIMES.length);
});

describe.each(FILE_RUNTIMES.map((runtime) => [runtime.format, runtime] as const))("%s", (format, runtime) => {
  it("is found by its format and named as the protocol names platforms", () => {
    expect(runtimeOf(format)).toBe(runtime);
    expect(runtime.platform).toMatch(/^[a-z0-9]+_[a-z0-9]+$/);
    expect(runtime.extension).toMatch(/^\.[a-z]+$/);
  });

  it("says of a file what goes in and comes out", async () => {
    const { inputs, outputs, labels } = await runtime.inspect(await MODELS[format]());
    expect(inputs.length).toBeGreaterThan(0);
    for (const info of [...inputs, ...outputs]) {
      expect(info.name).not.toBe("");
      expect(DATATYPES).toContain(info.datatype);
    }
    expect([...(labels ?? [])].sort()).toEqual(["No", "Yes"]);
  });

  it("answers a batch as it answers each row alone", async () => {
    const { model, predict } = await loadModelBytes(runtime, await MODELS[format](), of);
    const together = await predict(ROWS);
    const alone = (await Promise.all(ROWS.map((row) => predict([row])))).flat();
    expect(together.map((answered) => answered.value)).toEqual(["No", "Yes", "Yes", "No", "Yes"]);
    for (const [index, answered] of together.entries()) {
      expect(answered.value).toBe(alone[index]?.value);
      for (const [name, score] of Object.entries(answered.scores ?? {})) {
        expect(score).toBeCloseTo(alone[index]?.scores?.[name] ?? Number.NaN, 6);
      }
    }
    await model.release();
  });

  it("gives each output's elements for every row", async () => {
    const { model } = await loadModelBytes(runtime, await MODELS[format](), of);
    const tensors = await model.run(ROWS);
    expect(tensors.map((tensor) => tensor.name)).toEqual(model.outputs.map((output) => output.name));
    for (const tensor of tensors) expect(tensor.data.length).toBe(ROWS.length * tensor.width);
    await model.release();
  });

  it("says for every input whether it may be missing", async () => {
    const { model } = await loadModelBytes(runtime, await MODELS[format](), of);
    expect(model.takesNull).toHaveLength(of.inputs.length);
    await model.release();
  });

  it.each([
    ["noise", Buffer.from("\u0001\u0002nothing")],
    ["an empty file", Buffer.alloc(0)],
  ])("refuses %s with a way out", async (_, bytes) => {
    await expect(runtime.load(bytes, of)).rejects.toMatchObject({
      code: "BAD_MODEL",
      help: expect.any(String),
    });
  });
});
