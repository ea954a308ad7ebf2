import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ADMIN_TOKEN, TEST_HOST, testControl } from "../testing/control.ts";

// Traces and assessments on the wire of MLflow, request by request; what its Python client makes of them is tried in e2e/mlflow.
const { control } = await testControl();

async function send(method: "GET" | "POST" | "PATCH", url: string, body?: unknown, headers = {}) {
  const response = await control.app.inject({
    method,
    url,
    headers: {
      host: TEST_HOST,
      authorization: `Bearer ${ADMIN_TOKEN}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: response.statusCode, headers: response.headers, text: response.body };
}

async function ok(method: "GET" | "POST" | "PATCH", url: string, body?: unknown, headers = {}) {
  const answer = await send(method, url, body, headers);
  expect([url, answer.status, answer.status === 200 ? "" : answer.text]).toEqual([url, 200, ""]);
  return JSON.parse(answer.text === "" ? "{}" : answer.text);
}

const START = "1795308837917229835";
const END = "1795308837950177260";

/** A trace of one span with an attribute, and an event of one. */
async function makeTrace(attribute: { key: string; text: string }): Promise<string> {
  const trace = randomBytes(16).toString("hex");
  const span = {
    traceId: trace,
    spanId: "1234567890abcdef",
    name: "predict",
    startTimeUnixNano: START,
    endTimeUnixNano: END,
    attributes: [
      { key: attribute.key, value: { stringValue: attribute.text } },
      { key: "list", value: { arrayValue: { values: [{ intValue: "1" }, { stringValue: "a" }] } } },
    ],
    events: [
      {
        name: "cache miss",
        timeUnixNano: "99999",
        attributes: [{ key: "shelf", value: { stringValue: "upper" } }],
      },
    ],
    status: { code: 2, message: "no such flower" },
    links: [{ traceId: trace, spanId: "1234567890abcdef" }],
  };
  await ok(
    "POST",
    "/v1/traces",
    { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] },
    { "x-mlflow-experiment-id": "0" },
  );
  return `tr-${trace}`;
}

const base64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");

describe("spans", () => {
  it("E1/traces spans are read with whole numbers as numbers and states by name", async () => {
    const id = await makeTrace({ key: "fruit", text: "apple" });
    const { text } = await send("GET", `/api/3.0/mlflow/traces/get?trace_id=${id}`);
    expect(text).toContain(`"start_time_unix_nano":${START}`);
    expect(text).toContain('{"int_value":1}');
    const [span] = JSON.parse(text).trace.spans;
    expect(span.status).toEqual({ code: "STATUS_CODE_ERROR", message: "no such flower" });
    expect(span.attributes).toContainEqual({ key: "fruit", value: { string_value: "apple" } });
  });

  it("E1/traces the file of a trace holds its spans as clients write them", async () => {
    const id = await makeTrace({ key: "fruit", text: "apple" });
    const answer = await send("GET", `/ajax-api/2.0/mlflow/get-trace-artifact?request_id=${id}`);
    expect([answer.status, answer.headers["content-disposition"]]).toEqual([
      200,
      "attachment; filename=traces.json",
    ]);
    expect(answer.text).toContain(`"end_time_unix_nano":${END}`);
    expect(JSON.parse(answer.text).spans).toEqual([
      {
        trace_id: base64(id.slice(3)),
        span_id: base64("1234567890abcdef"),
        parent_span_id: null,
        name: "predict",
        start_time_unix_nano: Number(START),
        end_time_unix_nano: Number(END),
        events: [{ name: "cache miss", time_unix_nano: 99999, attributes: { shelf: "upper" } }],
        status: { code: "STATUS_CODE_ERROR", message: "no such flower" },
        attributes: { fruit: '"apple"', list: '[1, "a"]' },
        links: [{ trace_id: id, span_id: "1234567890abcdef", attributes: {} }],
      },
    ]);
  });

  it.each([
    ["", 400, "query parameter"],
    ["request_id=tr-nobody", 404, "Trace with ID tr-nobody is not found."],
    ["request_id=tr-nobody&path=../x", 400, "Invalid attachment path"],
    ["request_id=tr-nobody&path=x.png", 400, "must be a valid UUID"],
  ])("refuses the file of a trace of %j", async (query, status, text) => {
    const answer = await send("GET", `/ajax-api/2.0/mlflow/get-trace-artifact?${query}`);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
  });

  it("E1/traces are found by what their spans say, not by the words of the schema", async () => {
    const id = await makeTrace({ key: "dish", text: "Linsensuppe mit Würstchen\u0000" });
    const find = async (filter: string) => {
      const locations = [{ type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: "0" } }];
      const { traces = [] } = await ok("POST", "/api/3.0/mlflow/traces/search", {
        locations,
        filter: `trace.text LIKE '${filter}' AND span.attributes.dish LIKE '%Linsen%'`,
      });
      return traces.map(({ trace_id }: { trace_id: string }) => trace_id);
    };
    for (const said of [
      "suppe mit Würst",
      "dish",
      "predict",
      "cache miss",
      "upper",
      "shelf",
      "no such flower",
    ]) {
      expect([said, await find(`%${said}%`)]).toEqual([said, [id]]);
    }
    for (const word of ["string_value", "value", "unix_nano", "scope"]) {
      expect([word, await find(`%${word}%`)]).toEqual([word, []]);
    }
  });
});

it.each([
  ["/api/3.0/mlflow/traces/search", {}, "locations"],
  ["/api/3.0/mlflow/traces/batchGetInfos", {}, "trace_ids"],
  ["/api/2.0/mlflow/runs/outputs", { run_id: "0" }, "models"],
])("tells at %s what is missing", async (path, body, name) => {
  const { error_code, message } = JSON.parse((await send("POST", path, body)).text);
  expect([error_code, message]).toEqual([
    "INVALID_PARAMETER_VALUE",
    `Missing value for required parameter '${name}'. See the API docs for more information about request parameters.`,
  ]);
});

it("E1/traces an expectation of several parts is read as JSON text, one value as it is", async () => {
  const id = await makeTrace({ key: "fruit", text: "apple" });
  const path = `/api/3.0/mlflow/traces/${id}/assessments`;
  const source = { source_type: "CODE", source_id: "check" };
  const assess = async (expectation: object) => {
    const body = { assessment: { assessment_name: "expected", source, expectation } };
    return (await ok("POST", path, body)).assessment;
  };
  const parts = { threshold_ms: 1000, passed: true };
  const { expectation, assessment_id } = await assess({ value: parts });
  expect(expectation.serialized_value.serialization_format).toBe("JSON_FORMAT");
  expect(JSON.parse(expectation.serialized_value.value)).toEqual(parts);
  expect((await assess({ value: "Paris" })).expectation).toEqual({ value: "Paris" });
  const nothing = await send("POST", path, { assessment: { assessment_name: "empty", source } });
  expect([nothing.status, nothing.text]).toEqual([
    400,
    expect.stringContaining("Unknown assessment type: None"),
  ]);
  const { assessment: changed } = await ok("PATCH", `${path}/${assessment_id}`, {
    assessment: { expectation: { value: [1, 2] } },
    update_mask: "expectation",
  });
  expect(changed.expectation.serialized_value.value).toBe("[1,2]");
});
