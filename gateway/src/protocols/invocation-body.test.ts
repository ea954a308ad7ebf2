import { expect, it } from "vitest";
import { column, signature } from "../../testing/signatures.ts";
import { parseCsvInvocation, parseInvocation } from "./invocation-body.ts";

const TABLE = signature([
  column("a", "double"),
  column("b", "integer"),
  column("c", "string", { nullable: true, optional: true }),
]);
const IMAGE = signature([column("input", "tensor", { tensor: { dtype: "float32", shape: [2] } })]);

it.each([
  ["dataframe_split", { columns: ["b", "a"], data: [[1, 0.5]] }],
  ["dataframe_records", [{ b: 1, a: 0.5 }]],
  ["instances", [{ a: 0.5, b: 1 }]],
  ["instances", [[0.5, 1, null]]],
  ["inputs", { a: [0.5], b: [1] }],
  ["inputs", { a: 0.5, b: 1 }],
])("O1/invocations reads %s as records in the signature's order", (form, given) => {
  const { records } = parseInvocation({ [form]: given }, TABLE);
  expect(records.map((record) => Object.entries(record))).toEqual([
    [
      ["a", 0.5],
      ["b", 1],
      ["c", null],
    ],
  ]);
});

it("reads rows of a tensor by either name of the protocol", () => {
  const rows = [
    [1, 2],
    [3, 4],
  ];
  const records = [{ input: [1, 2] }, { input: [3, 4] }];
  expect(parseInvocation({ inputs: rows }, IMAGE).records).toEqual(records);
  expect(parseInvocation({ instances: rows }, IMAGE).records).toEqual(records);
  expect(parseInvocation({ inputs: { input: rows } }, IMAGE).records).toEqual(records);
});

it("keeps columns that the model does not have aside, where a business key may be", () => {
  const { records, others } = parseInvocation({ dataframe_records: [{ a: 1, b: 2, id: "x" }] }, TABLE);
  expect(records[0]).not.toHaveProperty("id");
  expect(others).toEqual([{ id: "x" }]);
});

it("reads CSV in the types of the signature, with quotes, and empty cells as missing", () => {
  const { records } = parseCsvInvocation('a,b,c\r\n0.5,7,"x, ""y"""\r\n1,8,\r\n', TABLE);
  expect(records).toEqual([
    { a: 0.5, b: 7, c: 'x, "y"' },
    { a: 1, b: 8, c: null },
  ]);
});

const ROW = (tensor: string | null, names: string[], shape: number[] = [names.length]) =>
  names.map((name, at) =>
    column(name, "double", { nullable: true, element: { tensor, dtype: "float32", shape, at } }),
  );
const TENSOR = signature(ROW(null, ["0", "1"]));
const NAMED = signature([...ROW("x", ["x.0", "x.1"]), ...ROW("age", ["age"])]);

it.each([
  ["inputs", [[1, 2]]],
  ["instances", [[1, 2]]],
  ["inputs", { input: [[1, 2]] }],
  ["dataframe_split", { columns: ["petal", "sepal"], data: [[1, 2]] }],
  ["dataframe_split", { columns: ["1", "0"], data: [[2, 1]] }],
  ["dataframe_split", { data: [[1, 2]] }],
  ["dataframe_split", { columns: ["features"], data: [[[1, 2]]] }],
  ["dataframe_records", [{ petal: 1, sepal: 2 }]],
  ["dataframe_records", [{ "1": 2, "0": 1, id: "a" }]],
])("O1/invocations reads %s as rows of a tensor without a name: %j", (form, given) => {
  expect(parseInvocation({ [form]: given }, TENSOR).records).toEqual([{ "0": 1, "1": 2 }]);
});

it.each([
  ["inputs", { x: [[1, 2]], age: [[3]] }],
  ["inputs", { x: [[1, 2]], age: [3] }],
  ["instances", [{ x: [1, 2], age: 3 }]],
  ["dataframe_records", [{ x: [1, 2], age: [3] }]],
  ["dataframe_split", { columns: ["age", "x"], data: [[3, [1, 2]]] }],
])("O1/invocations reads %s as rows of tensors with names: %j", (form, given) => {
  expect(parseInvocation({ [form]: given }, NAMED).records).toEqual([{ "x.0": 1, "x.1": 2, age: 3 }]);
});

it("reads CSV of a tensor by place, as numbers", () => {
  expect(parseCsvInvocation("petal,sepal\n1,2.5\n,4\n", TENSOR).records).toEqual([
    { "0": 1, "1": 2.5 },
    { "0": null, "1": 4 },
  ]);
});

it.each([
  ["rows that are too long", { inputs: [[1, 2, 3]] }, /input: expected a row of 2 float32, got 3/],
  ["a list of numbers", { inputs: [1, 2] }, /got 2/],
  ["rows that are nested too deep", { inputs: [[[1, 2]]] }, /got a list of the shape \[1, 2\]/],
  ["columns of another number", { dataframe_split: { columns: ["a"], data: [[1]] } }, /of 2 float32, got 1/],
])("refuses %s for a tensor, and says how many numbers it takes", (_, body, said) => {
  expect(() => parseInvocation(body, TENSOR)).toThrow(said);
});

it("names the tensor that is missing", () => {
  expect(() => parseInvocation({ inputs: { x: [[1, 2]] } }, NAMED)).toThrow(/missing inputs \['age'\]/);
});

it.each([
  ["nothing", {}, /exactly one of the input fields/],
  ["two forms", { inputs: [], instances: [] }, /exactly one of the input fields/],
  ["a member that is none", { inputs: [[1, 2, null]], more: 1 }, /exactly one of the input fields/],
  ["a missing column", { dataframe_records: [{ a: 1 }] }, /missing inputs \['b'\]/],
  ["lists of different lengths", { inputs: { a: [1, 2], b: [1] } }, /not the same/],
  [
    "a row that is too short",
    { dataframe_split: { columns: ["a", "b"], data: [[1]] } },
    /row 0 has 1 values/,
  ],
  ["no rows", { dataframe_records: [] }, /has no rows/],
])("refuses %s", (_, body, said) => {
  expect(() => parseInvocation(body, TABLE)).toThrow(said);
});
