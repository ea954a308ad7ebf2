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
  return { run, point: readPoint(fields, "") };
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
  const points = metrics.map((metric, index) => readPoint(metric, `metrics[${index}].`));
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

function readPoint(fields: Fields, path: string): LoggedPoint {
  const name = requiredString(fields.key, `${path}key`);
  checkMetricName(name, path === "" ? "name" : `${path}name`);
  const value = fromWireNumber(present(fields.value, `${path}value`));
  if (value === undefined) {
    throw wrongKind(`${path}value`, {
      value: fields.value,
      hint: "Please specify value as a valid double (64-bit floating point)",
    });
  }
  const atMs = integer(present(fields.timestamp, `${path}timestamp`), `${path}timestamp`);
  if (atMs < 0) {
    throw invalidValue(
      `${path}timestamp`,
      atMs,
      `metric '${name}' (value=${value}). Timestamp must be a nonnegative long (64-bit integer) `,
    );
  }
  const step = fields.step === undefined || fields.step === null ? 0 : integer(fields.step, `${path}step`);
  const model = optionalString(fields.model_id, `${path}model_id`);
  const dataset = optionalString(fields.dataset_name, `${path}dataset_name`);
  const digest = optionalString(fields.dataset_digest, `${path}dataset_digest`);
  return {
    name,
    value,
    step,
    atMs,
    ...(model === undefined ? {} : { model }),
    ...(dataset === undefined ? {} : { dataset: { name: dataset, digest: digest ?? "" } }),
  };
}

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
  if (Number.isSafeInteger(number)) return number as number; // isSafeInteger is no type guard
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
