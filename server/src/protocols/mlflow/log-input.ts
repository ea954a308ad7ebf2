import type { LoggedPoint } from "../../lifecycle/experiments/index.ts";
import { invalidValue, missingValue, wrongKind } from "./refusals.ts";
import { checkBatch, checkMetricName, checkUniqueParams, paramPair, tagPair } from "./validation.ts";
import { fromWireNumber } from "./wire.ts";

/** Written by hand: these two carry most of the traffic, and a thousand points come in one call. */
type Fields = Readonly<Record<string, unknown>>;

/** A point that `log-metric` was asked to log. */
export function readLogMetric(given: unknown): { run: string; point: LoggedPoint } {
  const fields = given as Fields; // read-input gives objects only
  const run = requiredString(fields.run_id, "run_id");
  return { run, point: readPoint(fields, undefined, new Set()) };
}

/** What `log-batch` was asked to log. */
export function readLogBatch(given: unknown): {
  run: string;
  points: LoggedPoint[];
  params: (readonly [string, string])[];
  tags: (readonly [string, string])[];
} {
  const fields = given as Fields; // read-input gives objects only
  const run = requiredString(fields.run_id, "run_id");
  const metrics = objects(fields.metrics, "metrics");
  const params = objects(fields.params, "params");
  const tags = objects(fields.tags, "tags");
  checkBatch({ metrics: metrics.length, params: params.length, tags: tags.length });
  const names = new Set<string>();
  const points = metrics.map((metric, index) => readPoint(metric, index, names));
  const paramPairs = params.map((param, index) => {
    const { key, value } = readEntry(param, `params[${index}]`);
    return paramPair(key, value, `params[${index}]`);
  });
  checkUniqueParams(paramPairs.map(([key]) => key));
  const tagPairs = tags.map((tag, index) => {
    const { key, value } = readEntry(tag, `tags[${index}]`);
    return tagPair(key, value, `tags[${index}]`);
  });
  return { run, points, params: paramPairs, tags: tagPairs };
}

/**
 * A point, alone or at a place of the list. Where a field stands is put together when it is wrong; names that were found
 * good are not looked at again.
 */
function readPoint(fields: Fields, place: number | undefined, good: Set<string>): LoggedPoint {
  const at = (field: string) => (place === undefined ? field : `metrics[${place}].${field}`);
  const name = isText(fields.key) ? fields.key : requiredString(fields.key, at("key"));
  if (!good.has(name)) {
    checkMetricName(name, at("name"));
    good.add(name);
  }
  const value =
    typeof fields.value === "number" ? fields.value : fromWireNumber(present(fields.value, at("value")));
  if (value === undefined) {
    throw wrongKind(at("value"), {
      value: fields.value,
      hint: "Please specify value as a valid double (64-bit floating point)",
    });
  }
  const { timestamp, step: stepGiven } = fields;
  const atMs = isInteger(timestamp)
    ? timestamp
    : integer(present(timestamp, at("timestamp")), at("timestamp"));
  if (atMs < 0) {
    throw invalidValue(
      at("timestamp"),
      atMs,
      `metric '${name}' (value=${value}). Timestamp must be a nonnegative long (64-bit integer) `,
    );
  }
  const step = isInteger(stepGiven) ? stepGiven : integer(stepGiven ?? 0, at("step"));
  const { model_id, dataset_name, dataset_digest } = fields;
  if (model_id === undefined && dataset_name === undefined && dataset_digest === undefined)
    return { name, value, step, atMs };
  const model = optionalString(model_id, at("model_id"));
  const dataset = optionalString(dataset_name, at("dataset_name"));
  const digest = optionalString(dataset_digest, at("dataset_digest"));
  return {
    name,
    value,
    step,
    atMs,
    ...(model === undefined ? {} : { model }),
    ...(dataset === undefined ? {} : { dataset: { name: dataset, digest: digest ?? "" } }),
  };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

function readEntry(fields: Fields, path: string): { key: string; value: string } {
  const key = requiredString(fields.key, `${path}.key`);
  const { value = "" } = fields;
  if (value === null) return { key, value: "" };
  if (typeof value !== "string") throw wrongKind(`${path}.value`, { value });
  return { key, value };
}

function present(value: unknown, name: string): unknown {
  if (value === undefined || value === null || value === "") throw missingValue(name);
  return value;
}

function requiredString(given: unknown, name: string): string {
  const value = present(given, name);
  if (typeof value !== "string") throw wrongKind(name, { value });
  return value;
}

function optionalString(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw wrongKind(name, { value });
  return value;
}

function integer(value: unknown, name: string): number {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (isInteger(number)) return number;
  throw wrongKind(name, {
    value,
    ...(typeof number === "number" && Number.isInteger(number)
      ? { hint: "Integers beyond 2^53 are not kept exactly" }
      : {}),
  });
}

function objects(value: unknown, name: string): Fields[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongKind(name, { value });
  for (const item of value) {
    if (typeof item !== "object" || item === null || Array.isArray(item)) throw wrongKind(name, { value });
  }
  return value;
}
