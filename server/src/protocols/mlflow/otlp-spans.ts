import { z } from "zod";
import type { Span } from "../../lifecycle/experiments/index.ts";
import { EXPORT_REQUEST } from "./otlp-schema.ts";
import { type JsonMessage, readMessage } from "./protobuf-reader.ts";

/** An attribute; its value is read apart, because it nests. */
const Attribute = z.looseObject({ key: z.string().default(""), value: z.unknown() });
/** A number of an enum or of 64 bits: as a number or as text. */
const Whole = z.union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative()]).transform(String);

/** A span in the JSON form of protocol buffers, with the names of its schema. */
const SpanMessage = z.looseObject({
  trace_id: z.base64(),
  span_id: z.base64(),
  parent_span_id: z.base64().optional(),
  name: z.string().default(""),
  start_time_unix_nano: Whole.default("0"),
  end_time_unix_nano: Whole.optional(),
  attributes: z.array(Attribute).default([]),
  status: z.looseObject({ code: z.union([z.string(), z.int()]).optional() }).optional(),
});

const ExportRequest = z.looseObject({
  resource_spans: z
    .array(
      z.looseObject({
        scope_spans: z.array(z.looseObject({ spans: z.array(SpanMessage).default([]) })).default([]),
      }),
    )
    .min(1),
});

/** Reads what an exporter sends in protocol buffers; throws where it is no such thing. */
export function readExport(bytes: Buffer): Span[] {
  return spansOf(readMessage(bytes, EXPORT_REQUEST));
}

/** Reads what an exporter sends as JSON: names in camel case, ids in hexadecimal digits. */
export function readJsonExport(text: string): Span[] {
  return spansOf(toSchemaForm(JSON.parse(text)) as JsonMessage);
}

function spansOf(request: JsonMessage): Span[] {
  return ExportRequest.parse(request)
    .resource_spans.flatMap(({ scope_spans: scopes }) => scopes)
    .flatMap(({ spans }) => spans)
    .map(toSpan);
}

function toSpan(message: z.infer<typeof SpanMessage>): Span {
  const attributes = plainAttributes(message.attributes);
  const trace = hexOf(message.trace_id, 16);
  const parent = message.parent_span_id ?? "";
  const end = message.end_time_unix_nano ?? "0";
  return {
    trace: `tr-${trace}`,
    id: hexOf(message.span_id, 8),
    parent: parent === "" ? null : hexOf(parent, 8),
    name: message.name,
    type: textOf(attributes["mlflow.spanType"]),
    status: statusOf(message.status?.code),
    startNs: message.start_time_unix_nano,
    endNs: end === "0" ? null : end,
    attributes,
    content: message,
  };
}

/** MLflow's clients write texts of their own as JSON texts. */
function textOf(value: unknown): string | null {
  if (typeof value !== "string") return null;
  return /^".*"$/s.test(value) ? value.slice(1, -1) : value;
}

const STATUSES: Readonly<Record<string, Span["status"]>> = {
  1: "OK",
  2: "ERROR",
  STATUS_CODE_OK: "OK",
  STATUS_CODE_ERROR: "ERROR",
};

const statusOf = (code: string | number | undefined): Span["status"] => STATUSES[String(code)] ?? "UNSET";

function hexOf(base64: string, bytes: number): string {
  const id = Buffer.from(base64, "base64");
  if (id.length !== bytes) throw new RangeError(`an id has ${id.length} bytes instead of ${bytes}`);
  return id.toString("hex");
}

const AnyValue = z.looseObject({
  string_value: z.string().optional(),
  bool_value: z.boolean().optional(),
  int_value: z.union([z.string(), z.int()]).optional(),
  double_value: z.union([z.string(), z.number()]).optional(),
  bytes_value: z.string().optional(),
  array_value: z.looseObject({ values: z.array(z.unknown()).default([]) }).optional(),
  kvlist_value: z.looseObject({ values: z.array(Attribute).default([]) }).optional(),
});

/** The value of an attribute as plain JSON. */
function plainValue(given: unknown): unknown {
  const value = AnyValue.safeParse(given).data;
  if (value === undefined) return null;
  if (value.array_value !== undefined) return value.array_value.values.map(plainValue);
  if (value.kvlist_value !== undefined)
    return Object.fromEntries(value.kvlist_value.values.map((one) => [one.key, plainValue(one.value)]));
  if (value.int_value !== undefined) return Number(value.int_value);
  return value.string_value ?? value.bool_value ?? value.double_value ?? value.bytes_value ?? null;
}

/** A list of attributes by their names, the values as plain JSON. */
export function plainAttributes(given: unknown): Record<string, unknown> {
  const attributes = z.array(Attribute).safeParse(given).data ?? [];
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

const HEX_IDS = ["trace_id", "span_id", "parent_span_id"];

/** The JSON form of OpenTelemetry in that of its schema: names with underscores, ids in base64. */
function toSchemaForm(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(toSchemaForm);
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const schemaName = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const isId = HEX_IDS.includes(schemaName) && typeof value === "string";
      return [schemaName, isId ? Buffer.from(value, "hex").toString("base64") : toSchemaForm(value)];
    }),
  );
}
