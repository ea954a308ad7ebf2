import { fail } from "@causeway/contract";
import { readLenientJson, readText } from "../http/body.ts";
import { sendAnswer } from "../http/respond.ts";
import type { Access, Exchange, Route } from "../http/route.ts";
import { nativeAt } from "../models/prediction-reading.ts";
import type { ServedModel } from "../models/served-model.ts";
import { Structured } from "../runtimes/index.ts";
import { type AnswerRows, parseKey, parseTimes, type RowsAnswer, recordText } from "./answer-rows.ts";
import { type Invocation, parseCsvInvocation, parseInvocation } from "./invocation-body.ts";

/** The scoring protocol of MLflow's own server, for every deployment, whatever its format. */
export function invocationRoutes(options: {
  readonly answerRows: AnswerRows;
  readonly ready: () => boolean;
}): Route[] {
  const { answerRows, ready } = options;
  const ping = (path: string, access: Access): Route => ({
    method: "GET",
    path,
    access,
    errors: "mlflow",
    protocol: "operations",
    handle({ response, deployment }) {
      const isUp = deployment === null ? ready() : deployment.serving() !== null;
      response.writeHead(isUp ? 200 : 503, { "content-type": "application/json" });
      response.end("\n");
    },
  });
  const invoke = (path: string, access: Access): Route => ({
    method: "POST",
    path,
    access,
    errors: "mlflow",
    protocol: "invocations",
    handle: (exchange) => invocations(exchange, answerRows),
  });
  return [
    invoke("/predict/:deployment/invocations", "deployment"),
    invoke("/invocations", "own"),
    ping("/predict/:deployment/ping", "deployment"),
    ping("/ping", "open"),
    ping("/health", "open"),
  ];
}

type Sent = { readonly read: (served: ServedModel) => Invocation; readonly occurredAt: unknown };

async function invocations(exchange: Exchange, answerRows: AnswerRows): Promise<void> {
  const { response, deployment, startedMs } = exchange;
  if (!deployment) throw fail("INTERNAL", { message: "a scoring route was reached without its deployment" });
  const sent = await readBody(exchange);
  const { key } = deployment.desired();
  const ask = (served: ServedModel) => {
    exchange.revision = served.desired.revision;
    const { records, others, params } = sent.read(served);
    const rows = served.check.rows(records);
    const shared = params === null ? null : new Structured(params);
    return {
      rows: shared === null ? rows : rows.map((row) => [...row, shared]),
      recordTexts: records.map((record) => recordText(record, true)),
      occurredAt: parseTimes(sent.occurredAt, rows.length),
      keys:
        key === null ? null : records.map((record, row) => parseKey(record[key] ?? others[row]?.[key], key)),
    };
  };
  const answered = await answerRows({ deployment, startedMs, wanted: () => !response.destroyed, ask });
  const { id, served } = answered;
  const text = JSON.stringify({ predictions: predictionsOf(answered) });
  sendAnswer(response, text, { id, version: served.desired.version });
}

async function readBody({ request }: Exchange): Promise<Sent> {
  const said = request.headers["content-type"] ?? "";
  const [type = "", ...parameters] = said.split(";").map((part) => part.trim().toLowerCase());
  const foreign = parameters.find((parameter) => !/^charset="?utf-?8"?$/.test(parameter));
  if ((type !== "application/json" && type !== "text/csv") || foreign !== undefined) {
    throw fail("UNSUPPORTED_MEDIA_TYPE", {
      message: `This predictor only supports the following content types: application/json, text/csv. Got '${said}'.`,
      field: "Content-Type",
      value: said,
      help: "send JSON or CSV in UTF-8, and say so in Content-Type",
    });
  }
  if (type === "text/csv") {
    const text = await readText(request);
    return { read: ({ desired }) => parseCsvInvocation(text, desired.signature), occurredAt: null };
  }
  const { value } = await readLenientJson(request);
  const occurredAt =
    typeof value === "object" && value !== null && "occurredAt" in value ? value.occurredAt : null;
  return { read: ({ desired }) => parseInvocation(value, desired.signature), occurredAt };
}

/** As MLflow's own server writes an answer. Models of other formats give a value for each row. */
function predictionsOf({ served, batch, predictionTexts }: RowsAnswer): unknown {
  const form = served.form();
  const rows = predictionTexts.map((_, row) => batch.from + row);
  if (form === null) return predictionTexts.map((text) => JSON.parse(text).value);
  // Scores of classes are added to what the model's `predict` gives; they come last.
  const own = served.desired.signature.task === "classification" ? batch.tensors.slice(0, 1) : batch.tensors;
  const [first] = own;
  if (first === undefined) return [];
  switch (form) {
    case "records":
      return rows.map((row) => Object.fromEntries(own.map((tensor) => [tensor.name, nativeAt(tensor, row)])));
    case "columns":
      return Object.fromEntries(own.map((tensor) => [tensor.name, rows.map((row) => nativeAt(tensor, row))]));
    case "whole":
      return nativeAt(first, rows[0] ?? 0);
    case "array":
    case "unknown":
      return rows.map((row) => nativeAt(first, row));
    default:
      return form satisfies never;
  }
}
