import { expect, it } from "vitest";
import { column, signature } from "../../testing/signatures.ts";
import { inferenceRows, inputInfos, parseInferenceRequest } from "./inference-tensors.ts";

const cells = (tensor: string, size: number) =>
  Array.from({ length: size }, (_, at) =>
    column(size === 1 ? tensor : `${tensor}.${at}`, "double", {
      element: { tensor, dtype: "float32", shape: [size], at },
    }),
  );
const TENSORS = signature([...cells("x", 2), column("city", "string"), ...cells("age", 1)]);

const rowsOf = (...inputs: object[]) => inferenceRows(parseInferenceRequest({ inputs }), TENSORS);
const x = { name: "x", datatype: "FP32", shape: [2, 2], data: [1, 2, 3, 4] };
const city = { name: "city", datatype: "BYTES", shape: [2], data: ["Rome", "Bern"] };
const age = { name: "age", datatype: "FP32", shape: [2, 1], data: [5, 6] };

it("O1/open-inference describes tensors that are served as columns as what they are", () => {
  expect(inputInfos(TENSORS)).toEqual([
    { name: "x", datatype: "FP32", shape: [-1, 2] },
    { name: "city", datatype: "BYTES", shape: [-1, 1] },
    { name: "age", datatype: "FP32", shape: [-1, 1] },
  ]);
});

it("O1/open-inference takes such tensors in one piece, or column by column", () => {
  const expected = [
    [1, 2, "Rome", 5],
    [3, 4, "Bern", 6],
  ];
  expect(rowsOf(age, x, city)).toEqual(expected);
  const parts = [
    { name: "x.0", datatype: "FP64", shape: [2], data: [1, 3] },
    { name: "x.1", datatype: "FP64", shape: [2], data: [2, 4] },
  ];
  expect(rowsOf(...parts, city, age)).toEqual(expected);
});

it("refuses a tensor of another shape, with the one that it takes", () => {
  const wide = { ...x, shape: [1, 4] };
  expect(() => rowsOf(wide, city, age)).toThrow("x: expected the shape [rows, 2], got [1, 4]");
});
