import type { MessageSchema } from "./protobuf-reader.ts";

// The messages of opentelemetry-proto 1.x that traces come in, by the numbers of their fields.

const ANY_VALUE: MessageSchema = {
  1: { name: "string_value", kind: "string" },
  2: { name: "bool_value", kind: "bool" },
  3: { name: "int_value", kind: "int" },
  4: { name: "double_value", kind: "double" },
  5: { name: "array_value", kind: { message: () => ARRAY_VALUE } },
  6: { name: "kvlist_value", kind: { message: () => KEY_VALUE_LIST } },
  7: { name: "bytes_value", kind: "bytes" },
};
const ARRAY_VALUE: MessageSchema = { 1: { name: "values", kind: { message: () => ANY_VALUE }, many: true } };
const KEY_VALUE: MessageSchema = {
  1: { name: "key", kind: "string" },
  2: { name: "value", kind: { message: () => ANY_VALUE } },
};
const KEY_VALUE_LIST: MessageSchema = {
  1: { name: "values", kind: { message: () => KEY_VALUE }, many: true },
};

const attributes = { name: "attributes", kind: { message: () => KEY_VALUE }, many: true } as const;

const EVENT: MessageSchema = {
  1: { name: "time_unix_nano", kind: "fixed64" },
  2: { name: "name", kind: "string" },
  3: attributes,
};
const LINK: MessageSchema = {
  1: { name: "trace_id", kind: "bytes" },
  2: { name: "span_id", kind: "bytes" },
  3: { name: "trace_state", kind: "string" },
  4: attributes,
  6: { name: "flags", kind: "fixed32" },
};
const STATUS: MessageSchema = { 2: { name: "message", kind: "string" }, 3: { name: "code", kind: "int" } };
const SPAN: MessageSchema = {
  1: { name: "trace_id", kind: "bytes" },
  2: { name: "span_id", kind: "bytes" },
  3: { name: "trace_state", kind: "string" },
  4: { name: "parent_span_id", kind: "bytes" },
  5: { name: "name", kind: "string" },
  6: { name: "kind", kind: "int" },
  7: { name: "start_time_unix_nano", kind: "fixed64" },
  8: { name: "end_time_unix_nano", kind: "fixed64" },
  9: attributes,
  11: { name: "events", kind: { message: () => EVENT }, many: true },
  13: { name: "links", kind: { message: () => LINK }, many: true },
  15: { name: "status", kind: { message: () => STATUS } },
  16: { name: "flags", kind: "fixed32" },
};
const SCOPE_SPANS: MessageSchema = { 2: { name: "spans", kind: { message: () => SPAN }, many: true } };
const RESOURCE_SPANS: MessageSchema = {
  2: { name: "scope_spans", kind: { message: () => SCOPE_SPANS }, many: true },
};

/** What an exporter sends. */
export const EXPORT_REQUEST: MessageSchema = {
  1: { name: "resource_spans", kind: { message: () => RESOURCE_SPANS }, many: true },
};
