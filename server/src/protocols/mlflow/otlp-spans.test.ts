import { describe, expect, it } from "vitest";
import { readExport, readJsonExport } from "./otlp-spans.ts";
import { readMessage } from "./protobuf-reader.ts";

/** A field of protocol buffers with a length. */
const field = (number: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
};
const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
};
const fixed64 = (number: number, value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint((number << 3) | 1), bytes]);
};
const attribute = (key: string, value: Buffer): Buffer =>
  field(9, Buffer.concat([field(1, key), field(2, value)]));
const batch = (span: Buffer): Buffer => field(1, field(2, field(2, span)));

const trace = Buffer.alloc(16, 0xab);
const span = Buffer.concat([
  field(1, trace),
  field(2, Buffer.alloc(8, 1)),
  field(4, Buffer.alloc(8, 2)),
  field(5, "look up"),
  fixed64(7, 1_700_000_000_000_000_001n),
  fixed64(8, 1_700_000_001_000_000_003n),
  attribute("mlflow.spanType", field(1, '"TOOL"')),
  attribute("big", Buffer.concat([varint(3 << 3), Buffer.from("ffffffffffffffff7f", "hex")])),
  attribute("list", field(5, field(1, field(1, "a")))),
  field(15, Buffer.concat([varint(3 << 3), varint(2)])),
]);

describe("spans of OpenTelemetry", () => {
  it("are read from protocol buffers, exact to the nanosecond", () => {
    const [read] = readExport(batch(span));
    expect(read).toMatchObject({
      trace: `tr-${"ab".repeat(16)}`,
      id: "01".repeat(8),
      parent: "02".repeat(8),
      name: "look up",
      type: "TOOL",
      status: "ERROR",
      startNs: "1700000000000000001",
      endNs: "1700000001000000003",
      attributes: { "mlflow.spanType": '"TOOL"', list: ["a"] },
    });
    expect(read?.content).toMatchObject({ trace_id: trace.toString("base64"), status: { code: "2" } });
    expect(read?.content["attributes"]).toContainEqual({
      key: "big",
      value: { int_value: "9223372036854775807" },
    });
  });

  it("are read from JSON, whose ids are hexadecimal digits", () => {
    const text = JSON.stringify({
      resourceSpans: [
        { scopeSpans: [{ spans: [{ traceId: "ab".repeat(16), spanId: "01".repeat(8), name: "a" }] }] },
      ],
    });
    const [read] = readJsonExport(text);
    expect(read).toMatchObject({
      trace: `tr-${"ab".repeat(16)}`,
      parent: null,
      endNs: null,
      status: "UNSET",
    });
    expect(read?.content).toMatchObject({ trace_id: trace.toString("base64") });
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["junk", Buffer.from("junk")],
    ["half a field", batch(span).subarray(0, -3)],
    ["an id of three bytes", batch(Buffer.concat([field(1, "abc"), field(2, Buffer.alloc(8))]))],
    ["a number that never ends", Buffer.alloc(20, 0xff)],
  ])("are not read from %s", (_what, bytes) => {
    expect(() => readExport(bytes)).toThrow();
  });

  it("nest no deeper than they are read", () => {
    let value = field(1, "deep");
    for (let depth = 0; depth < 100; depth += 1) value = field(5, field(1, value));
    expect(() => readExport(batch(Buffer.concat([span, attribute("deep", value)])))).toThrow("nested deeper");
  });

  it("pass over fields that are not known", () => {
    expect(
      readMessage(Buffer.concat([field(9, "new"), field(1, "kept")]), { 1: { name: "a", kind: "string" } }),
    ).toEqual({ a: "kept" });
  });
});
