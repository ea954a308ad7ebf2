import type { Column, Signature, SignatureInput } from "@causeway/contract";
import { expect, it } from "vitest";
import { presentInputs } from "./dataset-columns.ts";
import { tensorColumns } from "./tensor-columns.ts";

const table = (...names: string[]): Column[] =>
  names.map((name) => ({ name, type: "double", nullable: false }));
const signature = (inputs: SignatureInput[]): Pick<Signature, "inputs"> => ({ inputs });
const TENSOR = signature(tensorColumns({ name: null, dtype: "float32", shape: [2] }) ?? []);
const NAMED = signature(tensorColumns({ name: "x", dtype: "float32", shape: [2] }) ?? []);
const beside = ["y", "id", null];

it("finds the columns that a table has by their names", () => {
  expect(presentInputs(TENSOR, { schema: table("1", "y", "0"), beside })).toEqual([
    { name: "0", type: "double" },
    { name: "1", type: "double" },
  ]);
});

it("R2/signature reads a table by place for a tensor without a name, but for target and key", () => {
  expect(presentInputs(TENSOR, { schema: table("id", "petal", "y", "sepal"), beside })).toEqual([
    { name: "0", type: "double", from: "petal" },
    { name: "1", type: "double", from: "sepal" },
  ]);
});

it.each([
  ["more columns", TENSOR, table("a", "b", "c", "y"), 0],
  ["fewer columns", TENSOR, table("a", "y"), 0],
  ["some of the names", TENSOR, table("0", "a", "y"), 1],
  ["a tensor with a name", NAMED, table("a", "b", "y"), 0],
])("takes nothing by place from a table with %s", (_, of, schema, found) => {
  expect(presentInputs(of, { schema, beside })).toHaveLength(found);
});
