import { mlflowError, type WireError } from "./errors.ts";

const SEE = "See the API docs for more information about request parameters.";

const LONGEST_SHOWN = 200;

/** A value as compact JSON with its keys in order. */
export function shownValue(value: unknown): string {
  const text =
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** A field that must be there and is not. */
export function missingValue(name: string, cause?: unknown): WireError {
  return mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Missing value for required parameter '${name}'. ${SEE}`,
    cause,
  );
}

/** A value of the wrong kind; `shown` is how it was written. */
export function wrongKind(
  name: string,
  { value, shown = shownValue(value), hint = "" }: { value: unknown; shown?: string; hint?: string },
  cause?: unknown,
): WireError {
  const more = hint === "" ? "" : `${hint}. `;
  return mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid value ${shown} for parameter '${name}' supplied:  Hint: Value was of type '${wireType(value)}'. ${more}${SEE}`,
    cause,
  );
}

/** A value of the right kind that may not be. */
export function invalidValue(name: string, value: unknown, reason: string): WireError {
  return mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid value ${shownValue(value)} for parameter '${name}' supplied: ${reason}`,
  );
}

/** Names of Python's types: the clients' tests read them. */
function wireType(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "str";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    default:
      if (value === null || value === undefined) return "NoneType";
      return Array.isArray(value) ? "list" : "dict";
  }
}
