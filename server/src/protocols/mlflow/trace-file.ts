import { spacedJson } from "../../lifecycle/experiments/index.ts";
import { plainAttributes } from "./otlp-spans.ts";

/** The names of the states that a span ends with, by their numbers. */
const STATUS_NAMES = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];
/** Whole numbers of 64 bits: JSON gives them as numbers, though a number here could not hold them all. */
const WHOLE = new Set(["int_value", "start_time_unix_nano", "end_time_unix_nano", "time_unix_nano"]);

// TypeScript's library does not know it yet.
const { rawJSON } = JSON as typeof JSON & { rawJSON: (text: string) => unknown };

type Fields = Readonly<Record<string, unknown>>;

/** A span as MLflow's server answers it: whole numbers as numbers, the state by its name. */
export function toWireSpan(content: Fields): Fields {
  return { ...asFields(withNumbers(content)), ...statusOf(content) };
}

/** A span as clients keep it in their files: attributes by name, each a JSON text. */
export function toFileSpan(content: Fields): Fields {
  const { code = STATUS_NAMES[0], message = "" } = asFields(toWireSpan(content).status);
  return {
    trace_id: content.trace_id,
    span_id: content.span_id,
    parent_span_id: content.parent_span_id ?? null,
    name: content.name,
    start_time_unix_nano: exact(content.start_time_unix_nano ?? 0),
    end_time_unix_nano: content.end_time_unix_nano === undefined ? null : exact(content.end_time_unix_nano),
    events: asList(content.events).map((event) => ({
      name: event.name,
      time_unix_nano: exact(event.time_unix_nano ?? 0),
      attributes: plainAttributes(event.attributes),
    })),
    status: { code, message },
    attributes: Object.fromEntries(
      Object.entries(plainAttributes(content.attributes)).map(([name, value]) => [name, spacedJson(value)]),
    ),
    links: asList(content.links).map((link) => ({
      trace_id: `tr-${hexOf(link.trace_id)}`,
      span_id: hexOf(link.span_id),
      attributes: plainAttributes(link.attributes),
    })),
  };
}

function statusOf({ status }: Fields): { status?: Fields } {
  if (status === undefined) return {};
  const given = asFields(status);
  if (given.code === undefined) return { status: given };
  return { status: { ...given, code: STATUS_NAMES[Number(given.code)] ?? given.code } };
}

function withNumbers(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(withNumbers);
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, WHOLE.has(name) ? exact(value) : withNumbers(value)]),
  );
}

/** A number as long as it was written. */
function exact(value: unknown): unknown {
  return typeof value === "string" && /^(0|-?[1-9]\d{0,19})$/.test(value) ? rawJSON(value) : value;
}

const hexOf = (base64: unknown): string => Buffer.from(String(base64 ?? ""), "base64").toString("hex");

function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

const asList = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(asFields) : []);
