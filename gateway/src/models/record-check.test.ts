import { CausewayError } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { column, signature } from "../../testing/signatures.ts";
import { Structured } from "../runtimes/index.ts";
import { createRecordCheck } from "./record-check.ts";

const of = signature([
  column("i", "integer"),
  column("d", "double", { nullable: true }),
  column("b", "boolean"),
  column("s", "string", { nullable: true, categories: ["red", "blue"] }),
]);
const check = createRecordCheck(of, [true, true, true, true]);
const good = { i: 1, d: 0.5, b: true, s: "red" };

function issuesOf(record: unknown) {
  try {
    check.rows([record]);
  } catch (error) {
    if (error instanceof CausewayError)
      return error.issues?.map(({ field, expected, got }) => [field, expected, got]);
  }
  return [];
}

describe("values", () => {
  it("puts values in the signature's order, whatever the record's", () => {
    expect(check.rows([{ s: null, b: false, d: null, i: -3 }])).toEqual([[-3, null, false, null]]);
  });

  it.each([
    ["i", Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ["i", "-9223372036854775808", -9223372036854775808n],
    ["i", 2n ** 60n, 2n ** 60n],
    ["d", "-Infinity", Number.NEGATIVE_INFINITY],
    ["d", 7, 7],
    ["s", "", ""],
  ])("takes %s = %s", (field, value, expected) => {
    expect(check.rows([{ ...good, [field]: value }])[0]).toContain(expected);
  });

  it("takes NaN as the wire writes it", () => {
    expect(check.rows([{ ...good, d: "NaN" }])).toEqual([[1, Number.NaN, true, "red"]]);
  });

  it.each([
    ["i", 1.5, "integer", "1.5"],
    ["i", 2 ** 53, "integer", "9007199254740992"],
    ["i", "9223372036854775808", "integer", '"9223372036854775808"'],
    ["i", "1", "integer", '"1"'],
    ["i", null, "integer", "null"],
    ["d", "1.5", "double or null", '"1.5"'],
    ["d", true, "double or null", "true"],
    ["b", 1, "boolean", "1"],
    ["s", 5, "string or null", "5"],
    ["s", { a: 1 }, "string or null", '{"a":1}'],
    ["s", ["x".repeat(100)], "string or null", `["${"x".repeat(58)}…`],
  ])("refuses %s = %s", (field, value, expected, got) => {
    expect(issuesOf({ ...good, [field]: value })).toEqual([[field, expected, got]]);
  });
});

describe("records", () => {
  it("names everything that is wrong with a record at once", () => {
    expect(issuesOf({ i: "x", d: 1, extra: 2, toString: 3 })).toEqual([
      ["i", "integer", '"x"'],
      ["b", "boolean", "nothing"],
      ["s", "string or null", "nothing"],
      ["extra", "no such column", "2"],
      ["toString", "no such column", "3"],
    ]);
  });

  it("is not fooled by names that every object has", () => {
    const odd = createRecordCheck(
      signature([column("constructor", "string"), column("__proto__", "string")]),
      [true, true],
    );
    expect(odd.rows([JSON.parse('{"constructor": "a", "__proto__": "b"}')])).toEqual([["a", "b"]]);
    expect(() => odd.rows([{ x: 1, y: 2 }])).toThrow("constructor: expected string, got nothing");
  });

  it("tells twenty issues and counts the rest", () => {
    expect(() => check.rows(Array.from({ length: 50 }, () => ({})))).toThrow(/; and 180 more$/);
  });

  it("takes no missing value where the model has none", () => {
    const strict = createRecordCheck(signature([column("n", "integer", { nullable: true })]), [false]);
    expect(() => strict.rows([{ n: null }])).toThrow("n: expected integer, got null");
  });

  it("counts values that training never saw, and serves them", () => {
    const counted = createRecordCheck(of, [true, true, true, true]);
    counted.rows([good, { ...good, s: "green" }, { ...good, s: null }]);
    expect(counted.unseen).toEqual([0, 0, 0, 1]);
  });
});

describe("tensors and records as they are", () => {
  const image = createRecordCheck(
    signature([column("input", "tensor", { tensor: { dtype: "float32", shape: [2, -1] } })]),
    [false],
  );

  it("takes a nested list of the shape, of any size where the shape says so", () => {
    const json = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(image.rows([{ input: json }])).toEqual([[new Structured(json)]]);
  });

  it.each([
    ["another shape", [[1]]],
    ["a text among the numbers", [["a"], [1]]],
    ["a number", 3],
  ])("O1/validation names the tensor where %s came", (_, input) => {
    expect(() => image.rows([{ input }])).toThrow(
      /^input: expected a list of float32 of the shape \[2, any\], got/,
    );
  });

  it("takes any record of a model that was logged without a signature", () => {
    const open = createRecordCheck({ ...signature([]), open: true }, []);
    expect(open.rows([{ a: 1, b: [2] }])).toEqual([[new Structured({ a: 1, b: [2] })]]);
    expect(() => open.rows([3])).toThrow("record: expected an object, got 3");
  });
});
