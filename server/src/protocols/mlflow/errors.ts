import { CausewayError, type ErrorCode } from "@causeway/contract";
import { explainError } from "../rest/explain-error.ts";

/** The codes of MLflow's wire that are answered here, each with its HTTP status. */
export const MLFLOW_CODES = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
  REQUEST_LIMIT_EXCEEDED: 429,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL_ERROR: 500,
  DATA_LOSS: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const satisfies Record<string, number>;

/** A code of MLflow's wire. */
export type MlflowCode = keyof typeof MLFLOW_CODES;

/** A refusal in MLflow's own words, where the exact code or text matters to its clients. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly code: MlflowCode;
  readonly status: number;

  constructor(code: MlflowCode, message: string, options?: ErrorOptions & { status?: number }) {
    super(message, options);
    this.code = code;
    this.status = options?.status ?? MLFLOW_CODES[code];
  }
}

/** Makes the error to throw for an exact code and text of MLflow. */
export function mlflowError(code: MlflowCode, message: string, cause?: unknown): WireError {
  return new WireError(code, message, cause === undefined ? undefined : { cause });
}

/** What our codes are on the wire; those that are not here are wrong values. No user's mistake is a 500: clients would repeat it for minutes. */
const WIRE_CODES: Partial<Record<ErrorCode, MlflowCode>> = {
  BAD_REQUEST: "BAD_REQUEST",
  UNAUTHENTICATED: "UNAUTHENTICATED",
  PERMISSION_DENIED: "PERMISSION_DENIED",
  FOREIGN_HOST: "PERMISSION_DENIED",
  FOREIGN_ORIGIN: "PERMISSION_DENIED",
  NOT_FOUND: "RESOURCE_DOES_NOT_EXIST",
  METHOD_NOT_ALLOWED: "ENDPOINT_NOT_FOUND",
  ALREADY_EXISTS: "RESOURCE_ALREADY_EXISTS",
  OVERLOADED: "REQUEST_LIMIT_EXCEEDED",
  DEADLINE_EXCEEDED: "DEADLINE_EXCEEDED",
  UNAVAILABLE: "TEMPORARILY_UNAVAILABLE",
  DISK_FULL: "RESOURCE_EXHAUSTED",
  CORRUPT_ARTIFACT: "DATA_LOSS",
  INTERNAL: "INTERNAL_ERROR",
};

/** Statuses that say more than the code's own. */
const WIRE_STATUSES: Partial<Record<ErrorCode, number>> = {
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  DISK_FULL: 507,
};

const ABSENT_TEXTS: Readonly<Record<string, (value: string) => string>> = {
  run: (value) => `Run with id=${value} not found`,
  experiment: (value) => `No Experiment with id=${value} exists`,
  model: (value) =>
    value.startsWith("m-")
      ? `Logged model with ID '${value}' not found.`
      : `Registered Model with name=${value} not found`,
  webhook: (value) => `Webhook with ID ${value} not found.`,
};

/** A parameter that has another value already is told by this field. */
const PARAM_FIELD = "params.";

/** What of a route's input tells whom an error is about, where the error itself names it otherwise. */
type About = { readonly experiment_id?: unknown };

/** Turns whatever was thrown into what a client of MLflow understands. */
export function toWireError(thrown: unknown, { experiment_id: experiment }: About = {}): WireError {
  if (thrown instanceof WireError) return thrown;
  const error = explainError(thrown);
  if (!(error instanceof CausewayError)) {
    return mlflowError(
      "INTERNAL_ERROR",
      "Something failed inside Causeway; the log has the details under the request id of the header x-request-id. See: npx --no causeway logs control",
      thrown,
    );
  }
  const status = WIRE_STATUSES[error.code];
  const code = WIRE_CODES[error.code] ?? (error.status >= 500 ? "INTERNAL_ERROR" : "INVALID_PARAMETER_VALUE");
  return new WireError(code, wireText(error, experiment), {
    cause: thrown,
    ...(status === undefined ? {} : { status }),
  });
}

const INVALID_PATH = "Invalid path";

const notActive = (what: "run" | "experiment", id: string): string =>
  `The ${what} ${id} must be in the 'active' state. Current state is deleted.`;

/** The text by which clients know an error, else our own with the way out. */
function wireText({ code, field = "", value, message, help }: CausewayError, experiment: unknown): string {
  if (code === "NOT_FOUND" && typeof value === "string") {
    const absent = ABSENT_TEXTS[field];
    if (absent !== undefined) return absent(value);
  }
  if (code === "CONFLICT" && field === "run") return notActive("run", String(value));
  // Ours names an experiment by its name, MLflow by its number.
  if (code === "CONFLICT" && field === "experiment")
    return notActive("experiment", String(experiment ?? value));
  const text = help === undefined ? message : `${message}${/[.!?]$/.test(message) ? "" : "."} ${help}`;
  if (code !== "INVALID_FIELD") return text;
  if (field === "after") return "Invalid page token, could not base64-decode";
  // These two words and no more: suites of clients compare the whole answer.
  if (field === "path" && message.startsWith(INVALID_PATH)) return INVALID_PATH;
  if (!field.startsWith(PARAM_FIELD)) return text;
  const name = field.slice(PARAM_FIELD.length);
  return `Changing param values is not allowed. Param with key='${name}' was already logged with another value: ${text}`;
}
