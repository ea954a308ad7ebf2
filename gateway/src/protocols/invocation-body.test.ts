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
