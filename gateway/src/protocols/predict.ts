import { fail } from "@causeway/contract";
import { readJson } from "../http/body.ts";
import { sendAnswer } from "../http/respond.ts";
import type { Exchange, Route } from "../http/route.ts";
import type { ServedModel } from "../models/served-model.ts";
import { type AnswerRows, type Asked, parseOccurredAt, recordText } from "./answer-rows.ts";

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
  const ask = (served: ServedModel) => askOf(value, exact, served);
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

/** One record, or `{"records": [...]}`; both may carry `occurredAt`, unless the model has a column of that name. */
function askOf(value: unknown, exact: boolean, { check }: ServedModel): Asked {
  const body = bodyOf(value);
  const { record, occurredAt } =
    "occurredAt" in body && !check.fields.includes("occurredAt")
      ? withoutTime(body)
      : { record: body, occurredAt: null };
  const records = "records" in record && !check.fields.includes("records") ? recordsOf(record) : [record];
  return { rows: check.rows(records), recordTexts: records.map((one) => recordText(one, exact)), occurredAt };
}

function withoutTime({ occurredAt, ...record }: Record<string, unknown>) {
  return { record, occurredAt: parseOccurredAt(occurredAt) };
}

function bodyOf(value: unknown): Record<string, unknown> {
  // The check makes it so.
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
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
