import { expect, it } from "vitest";
import { column, signature } from "../../testing/signatures.ts";
import { tensorRecords } from "./tensor-records.ts";

const cells = (tensor: string | null, names: string[], shape: number[] = [names.length]) =>
  names.map((name, at) => column(name, "double", { element: { tensor, dtype: "float32", shape, at } }));
const UNNAMED = signature(cells(null, ["0", "1"]));
const NAMED = signature([...cells("x", ["x.0", "x.1"]), column("city", "string")]);
const LIST = signature(cells("age", ["age"], []));
const IMAGE = signature([column("input", "tensor", { tensor: { dtype: "float32", shape: [2, 2] } })]);

const RECORDS = {
  records: [
    { "0": 1, "1": 2 },
    { "0": 3, "1": 4 },
  ],
};
const ROWS = [
  [1, 2],
  [3, 4],
];

it.each([
  ["a list of rows", ROWS, RECORDS],
  ["rows under the tensor's name", { input: ROWS }, RECORDS],
  ["rows among the records", { records: ROWS }, RECORDS],
  ["records of rows", { records: ROWS.map((input) => ({ input })) }, RECORDS],
  ["records of columns", RECORDS, RECORDS],
  ["one row by name", { input: [1, 2] }, { "0": 1, "1": 2 }],
  ["one record of columns", { "0": 1, "1": 2 }, { "0": 1, "1": 2 }],
])("O1/predict takes %s for a tensor that is served as columns", (_, given, expected) => {
  expect(tensorRecords(given, UNNAMED)).toEqual(expected);
});

it("takes a tensor in one piece beside columns of their own", () => {
  expect(tensorRecords({ x: [1, 2], city: "Rome" }, NAMED)).toEqual({ "x.0": 1, "x.1": 2, city: "Rome" });
});

it("takes a list for a tensor of one dimension as a row for each of its numbers", () => {
  expect(tensorRecords({ age: [1, 2] }, LIST)).toEqual({ records: [{ age: 1 }, { age: 2 }] });
  expect(tensorRecords([1, 2], LIST)).toEqual({ records: [{ age: 1 }, { age: 2 }] });
  expect(tensorRecords({ age: 1 }, LIST)).toEqual({ age: 1 });
});

it("leaves a tensor that is no table in one piece", () => {
  expect(tensorRecords([ROWS, ROWS], IMAGE)).toEqual({ records: [{ input: ROWS }, { input: ROWS }] });
  expect(tensorRecords({ input: ROWS }, IMAGE)).toEqual({ input: ROWS });
});

it("refuses a row of another length, naming the tensor and the way out", () => {
  const asked = () => tensorRecords([[1, 2, 3]], UNNAMED);
  expect(asked).toThrow("input: expected a row of 2 float32, got 3");
  expect(asked).toThrow(
    expect.objectContaining({ field: "input", help: expect.stringContaining('{"0": ..., ..., "1": ...}') }),
  );
});
