import type { ServerResponse } from "node:http";
import { CausewayError, type Problem, toProblem } from "@causeway/contract";
import type { ErrorShape } from "./route.ts";

/** What a protocol says of a request that a model answered. */
export type Answered = { readonly id: string | null; readonly version: number };

const JSON_TYPE = "application/json";

/** Sends JSON text. */
export function sendJson(response: ServerResponse, text: string, status = 200): void {
  response.writeHead(status, ["content-type", JSON_TYPE, "content-length", String(Buffer.byteLength(text))]);
  response.end(text);
}

/** Sends a model's answer, under its prediction id where it was kept. */
export function sendAnswer(response: ServerResponse, text: string, { id, version }: Answered): void {
  const headers = ["content-type", JSON_TYPE, "content-length", String(Buffer.byteLength(text))];
  headers.push("causeway-model-version", String(version));
  if (id !== null) headers.push("causeway-prediction-id", id);
  response.writeHead(200, headers);
  response.end(text);
}

/** Statuses that the Open Inference Protocol's servers tell apart; any other refusal is a 400. */
const INFERENCE_STATUSES = new Set([401, 403, 404, 405, 413, 429, 500, 503, 504]);

const RETRY_AFTER_SECONDS = "1";

function refusalOf(problem: Problem, shape: ErrorShape): unknown {
  switch (shape) {
    case "problem":
      return problem;
    case "inference":
      return { error: wayOut(problem) };
    case "mlflow":
      return { error_code: MLFLOW_CODES[problem.status] ?? "BAD_REQUEST", message: wayOut(problem) };
    default:
      return shape satisfies never;
  }
}

/** What was wrong and what to do, for protocols that have one text for both. */
function wayOut({ detail, help }: Problem): string {
  return help === undefined ? detail : `${detail}${/[.!?]$/.test(detail) ? "" : "."} ${help}`;
}

/** MLflow's names for what went wrong; everything else is a bad request. */
const MLFLOW_CODES: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "RESOURCE_DOES_NOT_EXIST",
  429: "REQUEST_LIMIT_EXCEEDED",
  500: "INTERNAL_ERROR",
  503: "TEMPORARILY_UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** Sends a refusal in the shape of its protocol. */
export function sendError(
  response: ServerResponse,
  error: unknown,
  { shape, requestId }: { shape: ErrorShape; requestId: string },
): void {
  const problem = toProblem(error, requestId);
  const code = error instanceof CausewayError ? error.code : "INTERNAL";
  const status = shape === "inference" && !INFERENCE_STATUSES.has(problem.status) ? 400 : problem.status;
  if (status === 401) response.setHeader("www-authenticate", 'Bearer realm="causeway"');
  if (status === 429 || status === 503) response.setHeader("retry-after", RETRY_AFTER_SECONDS);
  // The rest of a body that nobody reads would be taken for the next request.
  if (code === "PAYLOAD_TOO_LARGE") response.setHeader("connection", "close");
  const text = JSON.stringify(refusalOf(problem, shape));
  response.writeHead(status, {
    "content-type": shape === "problem" ? "application/problem+json" : JSON_TYPE,
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
