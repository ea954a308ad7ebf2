import { describe, expect, it } from "vitest";
import { z } from "zod";
import { WireError } from "./errors.ts";
import { readLogBatch, readLogMetric } from "./log-input.ts";
import { listFields, type RawRequest, readInput } from "./read-input.ts";
import { requiredText, WireEntry, wireInteger, wireList, wireText } from "./wire.ts";

const Input = z.object({
  run_id: requiredText,
  path: wireText,
  artifact_path: wireText,
  ids: wireList(z.string()),
  tags: wireList(WireEntry),
  size: wireInteger,
});

function read(
  raw: Partial<RawRequest>,
  method: "GET" | "POST" | "DELETE" = "POST",
  input: z.ZodType = Input,
) {
  const route = { method, input, body: "json" } as const;
  const whole = { params: {}, query: {}, body: undefined, contentType: "application/json", ...raw };
  return readInput(route, whole, listFields(route));
}

function refused(
  raw: Partial<RawRequest>,
  method?: "GET" | "POST" | "DELETE",
  input?: z.ZodType,
): [string, string] {
  try {
    read(raw, method, input);
  } catch (error) {
    if (error instanceof WireError) return [error.code, error.message];
    throw error;
  }
  return ["", ""];
}

const json = (value: unknown) => ({ body: JSON.stringify(value) });

describe("a request", () => {
  it("carries its fields in the query of a GET; one value of a list is a list", () => {
    expect(read({ query: { run_id: "r", ids: "1", size: "7" } }, "GET")).toMatchObject({
      ids: ["1"],
      size: 7,
    });
    expect(read({ query: { run_id: "r", ids: ["1", "2"] } }, "GET")).toMatchObject({ ids: ["1", "2"] });
  });

  it("carries them in a JSON body else, which may be encoded twice", () => {
    expect(read(json({ run_id: "r" }))).toMatchObject({ run_id: "r" });
    expect(read(json(JSON.stringify({ run_id: "r" })))).toMatchObject({ run_id: "r" });
    expect(read(json({ run_id: "r" }), "DELETE")).toMatchObject({ run_id: "r" });
  });

  it("may name a run by its former field", () => {
    expect(read(json({ run_uuid: "r" }))).toMatchObject({ run_id: "r" });
    expect(read(json({ run_id: "", run_uuid: "r" }))).toMatchObject({ run_id: "r" });
    expect(read(json({ run_id: "new", run_uuid: "old" }))).toMatchObject({ run_id: "new" });
  });

  it("cannot say in its body what its path says otherwise", () => {
    expect(read({ ...json({ run_id: "other" }), params: { run_id: "r", "*": "a/b" } })).toMatchObject({
      run_id: "r",
      artifact_path: "a/b",
    });
  });
});

describe("what is wrong is told by", () => {
  it.each([
    ["a body that is no JSON", { body: "{" }, "BAD_REQUEST", "The body is not valid JSON"],
    ["a body that is no object", json([1]), "BAD_REQUEST", "The body is a list, not an object"],
    ["another content-type", { body: "run_id=r", contentType: "text/plain" }, "BAD_REQUEST", "Content-Type"],
    ["no content-type", { contentType: undefined }, "BAD_REQUEST", "Content-Type is missing"],
    [
      "a missing value",
      json({}),
      "INVALID_PARAMETER_VALUE",
      "Missing value for required parameter 'run_id'.",
    ],
    [
      "null",
      json({ run_id: null }),
      "INVALID_PARAMETER_VALUE",
      "Missing value for required parameter 'run_id'.",
    ],
    [
      "a number",
      json({ run_id: 31 }),
      "INVALID_PARAMETER_VALUE",
      "Invalid value 31 for parameter 'run_id' supplied",
    ],
    [
      "a text",
      json({ run_id: "r", ids: "5" }),
      "INVALID_PARAMETER_VALUE",
      `Invalid value "5" for parameter 'ids' supplied`,
    ],
    [
      "a nested field",
      json({ run_id: "r", tags: [{}] }),
      "INVALID_PARAMETER_VALUE",
      "Missing value for required parameter 'tags[0].key'",
    ],
    [
      "a number as it was written",
      { body: '{"run_id":9.0}' },
      "INVALID_PARAMETER_VALUE",
      "Invalid value 9.0 for parameter 'run_id' supplied",
    ],
  ])("%s", (_name, raw, code, text) => {
    const [given, message] = refused(raw);
    expect(given).toBe(code);
    expect(message).toContain(text);
  });

  it("names the type as Python does", () => {
    expect(refused(json({ run_id: 31 }))[1]).toContain("Value was of type 'int'");
  });
});

describe("log-metric", () => {
  const point = { run_id: "r", key: "loss", value: 1, timestamp: 59, step: 26 };
  const metric = z.unknown().transform(readLogMetric);
  const message = (fields: object) => refused(json(fields), "POST", metric)[1];

  it("takes numbers in every form", () => {
    expect(read(json({ ...point, value: "NaN", timestamp: "59", step: "26" }), "POST", metric)).toEqual({
      run: "r",
      point: { name: "loss", value: Number.NaN, atMs: 59, step: 26 },
    });
    expect(read(json({ ...point, step: undefined }), "POST", metric)).toMatchObject({ point: { step: 0 } });
  });

  it("takes the model and the dataset that it was measured on", () => {
    const measured = { ...point, model_id: "m-1", dataset_name: "d", dataset_digest: "1" };
    expect(read(json(measured), "POST", metric)).toMatchObject({
      point: { model: "m-1", dataset: { name: "d", digest: "1" } },
    });
  });

  it.each([
    [{ run_id: 31 }, "Invalid value 31 for parameter 'run_id' supplied"],
    [{ run_id: null }, "Missing value for required parameter 'run_id'"],
    [{ key: 31 }, "Invalid value 31 for parameter 'key' supplied"],
    [{ key: null }, "Missing value for required parameter 'key'"],
    [{ key: "../a" }, `Invalid value "../a" for parameter 'name' supplied`],
    [{ value: undefined }, "Missing value for required parameter 'value'"],
    [{ value: "foo" }, `Invalid value "foo" for parameter 'value' supplied`],
    [{ timestamp: "foo" }, `Invalid value "foo" for parameter 'timestamp' supplied`],
    [{ timestamp: undefined }, "Missing value for required parameter 'timestamp'"],
    [{ timestamp: -1 }, "Timestamp must be a nonnegative long"],
    [{ step: "foo" }, `Invalid value "foo" for parameter 'step' supplied`],
    [{ step: 2 ** 60 }, "beyond 2^53"],
  ])("refuses %j: %s", (wrong, text) => expect(message({ ...point, ...wrong })).toContain(text));
});

describe("log-batch", () => {
  const batch = z.unknown().transform(readLogBatch);
  const message = (fields: object) => refused(json({ run_id: "r", ...fields }), "POST", batch)[1];

  it("may be empty", () => {
    expect(read(json({ run_id: "r" }), "POST", batch)).toEqual({
      run: "r",
      points: [],
      params: [],
      tags: [],
    });
  });

  it.each([
    [{ metrics: "foo" }, `Invalid value "foo" for parameter 'metrics' supplied`],
    [{ params: "foo" }, `Invalid value "foo" for parameter 'params' supplied`],
    [{ tags: "foo" }, `Invalid value "foo" for parameter 'tags' supplied`],
    [
      { metrics: [{ key: "mae", value: 2.5 }] },
      "Missing value for required parameter 'metrics[0].timestamp'",
    ],
    [{ metrics: [1] }, "Invalid value [1] for parameter 'metrics' supplied"],
    [{ params: [{ key: "a/../b", value: "" }] }, "for parameter 'params[0].key' supplied"],
    [{ params: [{ key: "a" }, { key: "a" }] }, "Duplicate parameter keys have been submitted: ['a']"],
    [{ tags: [{ value: "b" }] }, "Missing value for required parameter 'tags[0].key'"],
    [{ tags: [{ key: "a", value: 5 }] }, "Invalid value 5 for parameter 'tags[0].value' supplied"],
  ])("refuses %j: %s", (wrong, text) => expect(message(wrong)).toContain(text));
});
