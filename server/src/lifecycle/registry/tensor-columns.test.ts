import { expect, it } from "vitest";
import { tensorColumns } from "./tensor-columns.ts";

it.each([
  ["a table without a name", { name: null, dtype: "float32", shape: [3] }, ["0", "1", "2"], "double"],
  ["a table with a name", { name: "x", dtype: "int64", shape: [2] }, ["x.0", "x.1"], "integer"],
  ["one column with a name", { name: "age", dtype: "float64", shape: [1] }, ["age"], "double"],
  ["a list with a name", { name: "seen", dtype: "bool", shape: [] }, ["seen"], "boolean"],
  ["a list without a name", { name: null, dtype: "uint8", shape: [] }, ["0"], "integer"],
])("makes columns of %s", (_, spec, names, type) => {
  const columns = tensorColumns(spec) ?? [];
  expect(columns.map(({ name }) => name)).toEqual(names);
  expect(columns.map(({ type: own }) => own)).toEqual(names.map(() => type));
  expect(columns.map(({ element }) => element)).toEqual(
    names.map((_name, at) => ({ tensor: spec.name, dtype: spec.dtype, shape: spec.shape, at })),
  );
});

it.each([
  ["pictures", { name: null, dtype: "float32", shape: [28, 28] }],
  ["rows of any size", { name: null, dtype: "float32", shape: [-1] }],
  ["rows of many numbers", { name: null, dtype: "float32", shape: [784] }],
  ["texts", { name: null, dtype: "str", shape: [3] }],
])("makes no columns of %s", (_, spec) => {
  expect(tensorColumns(spec)).toBeNull();
});
