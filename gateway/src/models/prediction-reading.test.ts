import { describe, expect, it } from "vitest";
import { signature } from "../../testing/signatures.ts";
import type { Tensor, TensorInfo } from "../runtimes/index.ts";
import { decideReading, readPrediction } from "./prediction-reading.ts";

const classification = signature([], { task: "classification", classes: ["No", "Yes"] });
const info = (name: string, datatype: TensorInfo["datatype"], shape: number[]): TensorInfo => ({
  name,
  datatype,
  shape,
});
const tensor = (name: string, datatype: Tensor["datatype"], data: Tensor["data"], width = 1): Tensor => ({
  name,
  datatype,
  rowShape: width === 1 ? [] : [width],
  width,
  data,
});

describe("classification", () => {
  it("lets the highest score choose where the model names no class", () => {
    const reading = decideReading([info("p", "FP32", [-1, 2])], classification, null);
    expect(
      readPrediction(reading, [tensor("p", "FP32", Float32Array.of(0.25, 0.75, 0.5, 0.5), 2)], 0),
    ).toEqual({
      value: "Yes",
      scores: { No: 0.25, Yes: 0.75 },
    });
  });

  it("reads one score as that of the second of two classes", () => {
    const reading = decideReading([info("p", "FP32", [-1, 1])], classification, null);
    expect(readPrediction(reading, [tensor("p", "FP32", Float32Array.of(0.25))], 0)).toEqual({
      value: "No",
      scores: { No: 0.75, Yes: 0.25 },
    });
  });

  it("takes an arg-max output for the place of a class", () => {
    const reading = decideReading([info("c", "INT64", [-1])], classification, null);
    expect(readPrediction(reading, [tensor("c", "INT64", BigInt64Array.of(1n))], 0)).toEqual({
      value: "Yes",
    });
  });

  it("reads a boolean label", () => {
    const reading = decideReading(
      [info("c", "BOOL", [-1])],
      { ...classification, classes: ["false", "true"] },
      null,
    );
    expect(readPrediction(reading, [tensor("c", "BOOL", Uint8Array.of(0, 1))], 1)).toEqual({ value: "true" });
  });

  it("leaves out scores that are no numbers", () => {
    const reading = decideReading([info("p", "FP32", [-1, 2])], classification, null);
    expect(
      readPrediction(reading, [tensor("p", "FP32", Float32Array.of(Number.NaN, 0.5), 2)], 0).scores,
    ).toEqual({ Yes: 0.5 });
  });

  it("refuses a model without class and scores", () => {
    expect(() => decideReading([info("p", "FP32", [-1, 7])], classification, null)).toThrow(
      "neither a class nor 2 scores",
    );
  });
});

describe("other tasks", () => {
  const regression = signature([], { task: "regression" });

  it.each([
    ["a number", tensor("y", "FP64", Float64Array.of(1.5)), 1.5],
    ["an infinity as text", tensor("y", "FP32", Float32Array.of(Infinity)), "Infinity"],
    ["several numbers", tensor("y", "FP32", Float32Array.of(1, 2), 2), [1, 2]],
    ["a large integer as text", tensor("y", "INT64", BigInt64Array.of(2n ** 60n)), String(2n ** 60n)],
  ])("gives %s", (_, output, value) => {
    const reading = decideReading([info("y", output.datatype, [-1, output.width])], regression, null);
    expect(readPrediction(reading, [output], 0)).toEqual({ value });
  });
});
