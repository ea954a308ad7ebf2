import { CausewayError, endpoint, Name } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseInput, parseScope } from "./parse-input.ts";

const input = z.object({
  dataset: Name,
  limit: z.coerce.number<number>().int().min(1).max(1000).default(100),
  fresh: z.boolean().default(false),
  depth: z.number().optional(),
  columns: z.array(z.string()).optional(),
});
const shared = { permission: "data:read", summary: "A thing.", output: z.object({}) } as const;
const read = endpoint({ ...shared, method: "GET", path: "/api/data/:dataset", input });
const write = endpoint({ ...shared, method: "POST", path: "/api/data/:dataset", input });

const get = (query: Record<string, string | string[]>) =>
  parseInput(read, { params: { dataset: "customers" }, query, body: undefined });
const post = (body: unknown, query = {}) =>
  parseInput(write, { params: { dataset: "customers" }, query, body });

function failureOf(act: () => unknown): CausewayError {
  try {
    act();
  } catch (error) {
    if (error instanceof CausewayError) return error;
    throw error;
  }
  throw new Error("the input was taken");
}

describe("input", () => {
  it("is gathered from path and query, text made into what the endpoint wants", () => {
    expect(get({ limit: "5", fresh: "true", depth: "2.5", columns: ["a", "b"] })).toEqual({
      dataset: "customers",
      limit: 5,
      fresh: true,
      depth: 2.5,
      columns: ["a", "b"],
    });
    expect(get({ columns: "a", project: "shop", environment: "prod" })).toMatchObject({
      columns: ["a"],
      limit: 100,
    });
  });

  it("is gathered from path and body where there is one", () => {
    expect(post({ limit: 5 }, { project: "shop" })).toEqual({ dataset: "customers", limit: 5, fresh: false });
    expect(post(undefined)).toEqual({ dataset: "customers", limit: 100, fresh: false });
  });

  it("names every wrong field with what was expected and got", () => {
    const error = failureOf(() => post({ limit: 5000, fresh: "yes", colums: ["a"], columns: ["a", 7] }));
    expect(error.code).toBe("INVALID_FIELD");
    expect(error.issues).toEqual([
      { field: "colums", expected: "one of limit, fresh, depth, columns", got: "an unknown field" },
      {
        field: "limit",
        expected: "Too big: expected number to be <=1000",
        got: "5000",
        rule: { says: "most", bound: 1000, of: "number" },
      },
      { field: "fresh", expected: "a boolean", got: '"yes"', rule: { says: "type", type: "boolean" } },
      { field: "columns.1", expected: "a string", got: "7", rule: { says: "type", type: "string" } },
    ]);
    expect(error.message).toContain('fresh: expected a boolean, got "yes"');
  });

  it.each([
    [{ fresh: "yes" }, "fresh"],
    [{ limit: "many" }, "limit"],
    [{ limit: "" }, "limit"],
    [{ lmit: "5" }, "lmit"],
    [{ dataset: "other" }, "dataset"],
  ])("refuses the query %j", (query, field) => {
    expect(failureOf(() => get(query)).field).toBe(field);
  });

  it("takes no field of a body from the query, and no body that is not an object", () => {
    expect(failureOf(() => post({}, { limit: "5" })).field).toBe("limit");
    expect(failureOf(() => post([1])).code).toBe("BAD_REQUEST");
    expect(failureOf(() => post("text")).code).toBe("BAD_REQUEST");
  });

  it("names a bad path parameter", () => {
    const act = () => parseInput(read, { params: { dataset: "No!" }, query: {}, body: undefined });
    expect(failureOf(act)).toMatchObject({ field: "dataset", value: '"No!"' });
  });
});

describe("scope", () => {
  it("is read from the query of any route", () => {
    expect(parseScope({ project: "shop", environment: "prod" })).toEqual({
      project: "shop",
      environment: "prod",
    });
    expect(parseScope({})).toEqual({});
    expect(failureOf(() => parseScope({ environment: "production" })).field).toBe("environment");
    expect(failureOf(() => parseScope({ project: "a b" })).field).toBe("project");
  });
});
