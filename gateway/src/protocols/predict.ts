import { fail } from "@causeway/contract";
import { readJson } from "../http/body.ts";
import { sendAnswer } from "../http/respond.ts";
import type { Exchange, Route } from "../http/route.ts";
import type { ServedModel } from "../models/served-model.ts";
import { tensorRecords } from "../models/tensor-records.ts";
import { type AnswerRows, type Asked, parseKey, parseTimes, recordText } from "./answer-rows.ts";

/** `POST /predict/<deployment>`: records by column name, answered as predictions. */
export function predictRoutes(answerRows: AnswerRows): Route[] {
  return [
    {
      method: "POST",
      path: "/predict/:deployment",
      access: "deployment",
      errors: "problem",
      protocol: "predict",
      handle: (exchange) => predict(exchange, answerRows),
    },
  ];
}

async function predict(exchange: Exchange, answerRows: AnswerRows): Promise<void> {
  const { request, response, deployment, startedMs } = exchange;
  if (!deployment)
    throw fail("INTERNAL", { message: "a prediction route was reached without its deployment" });
  const { value, exact } = await readJson(request);
  const ask = (served: ServedModel) => {
    exchange.revision = served.desired.revision;
    return askOf({ value, exact, key: deployment.desired().key }, served);
  };
  const { id, served, predictionTexts } = await answerRows({
    deployment,
    startedMs,
    wanted: () => !response.destroyed,
    ask,
  });
  const { model, version } = served.desired;
  const text = `{"id":${id === null ? "null" : `"${id}"`},"model":${JSON.stringify(model)},"version":${version},"predictions":[${predictionTexts.join(",")}]}`;
  sendAnswer(response, text, { id, version });
}

/** What was sent, and the column of the business key, where the deployment has one. */
type Sent = { readonly value: unknown; readonly exact: boolean; readonly key: string | null };

/** One record, or `{"records": [...]}`; both may carry `occurredAt`, unless the model has a column of that name. */
function askOf({ value, exact, key }: Sent, { check, desired }: ServedModel): Asked {
  const body = bodyOf(tensorRecords(value, desired.signature));
  const timed = "occurredAt" in body && !check.fields.includes("occurredAt");
  const record = timed ? without(body, "occurredAt") : body;
  const sent = "records" in record && !check.fields.includes("records") ? recordsOf(record) : [record];
  const occurredAt = timed ? parseTimes(body["occurredAt"], sent.length) : null;
  const keys = key === null ? null : sent.map((one) => (isRecord(one) ? parseKey(one[key], key) : null));
  // The model is not given a key that is none of its columns.
  const records =
    key === null || check.fields.includes(key)
      ? sent
      : sent.map((one) => (isRecord(one) ? without(one, key) : one));
  const recordTexts = records.map((one) => recordText(one, exact));
  return { rows: check.rows(records), recordTexts, occurredAt, keys };
}

function without(record: Record<string, unknown>, column: string): Record<string, unknown> {
  const { [column]: _, ...rest } = record;
  return rest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bodyOf(value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw fail("BAD_REQUEST", {
    message: `expected a record or {"records": [...]}, got ${Array.isArray(value) ? "a list" : typeof value}`,
    field: "body",
    help: 'send {"column": value, ...}, or many as {"records": [{...}, {...}]}',
  });
}

function recordsOf({ records, ...others }: Record<string, unknown>): unknown[] {
  const [stray] = Object.keys(others);
  if (Array.isArray(records) && records.length > 0 && stray === undefined) return records;
  const got =
    stray === undefined ? (Array.isArray(records) ? "an empty list" : typeof records) : `also ${stray}`;
  throw fail("INVALID_FIELD", {
    message: `records: expected a list of at least one record and nothing beside it but occurredAt, got ${got}`,
    field: stray ?? "records",
    help: 'send {"records": [{...}, {...}]}',
    issues: [{ field: stray ?? "records", expected: "a list of records", got }],
  });
}
