import { z } from "zod";
import { IssueRule } from "./issue-rule.ts";
import { Json } from "./resource.ts";

/**
 * The closed table of error codes: HTTP status and a title. A message is written where the error is raised, because only
 * there is it known what was wrong, where, and how to get out of it.
 */
export const ERRORS = {
  BAD_REQUEST: [400, "The request is not understood"],
  INVALID_FIELD: [400, "A field has a wrong value"],
  UNAUTHENTICATED: [401, "No valid token was sent"],
  PERMISSION_DENIED: [403, "The token does not allow this"],
  FOREIGN_HOST: [403, "The Host header names another server"],
  FOREIGN_ORIGIN: [403, "The Origin header names another site"],
  NOT_FOUND: [404, "There is no such thing"],
  METHOD_NOT_ALLOWED: [405, "The path exists, the method does not"],
  CONFLICT: [409, "The state of the thing does not allow this"],
  ALREADY_EXISTS: [409, "The name is taken"],
  IDEMPOTENCY_MISMATCH: [409, "The Idempotency-Key was used with another request"],
  AMBIGUOUS_PREFIX: [409, "The prefix fits more than one digest"],
  LEASE_LOST: [409, "The work was taken over by another worker"],
  PAYLOAD_TOO_LARGE: [413, "The body is too large"],
  UNSUPPORTED_MEDIA_TYPE: [415, "The body is of a kind that is not taken here"],
  APPROVAL_NEEDED: [409, "The alias moves only by a person's approval"],
  UNKNOWN_PREDICTION: [422, "The log has no such prediction"],
  FORBIDDEN_ADDRESS: [422, "The address may not be called"],
  BAD_DATA: [422, "The data cannot be read as declared"],
  BAD_MODEL: [422, "The file is not a model that can be served"],
  BAD_PIPELINE: [422, "The pipeline definition is not valid"],
  GOLDEN_MISMATCH: [422, "The model answers its golden rows differently"],
  OVERLOADED: [429, "More work is waiting than can be taken"],
  DEADLINE_EXCEEDED: [504, "The answer was not ready in time"],
  STEP_FAILED: [422, "A step failed"],
  INTERNAL: [500, "Something failed inside Causeway"],
  SECRET_UNREADABLE: [500, "A secret cannot be read"],
  CORRUPT_ARTIFACT: [500, "Stored bytes do not match their digest"],
  UNAVAILABLE: [503, "Not ready"],
  DISK_FULL: [507, "No space is left on the disk"],
  // Raised while starting: they reach a person through the command line.
  CONFIG_INVALID: [500, "The configuration is not valid"],
  DATA_DIR_HELD: [500, "Another process holds the data folder"],
  DATA_DIR_UNWRITABLE: [500, "The data folder cannot be written"],
  DATABASE_FOREIGN: [500, "The database folder is not one of Causeway's"],
  DATABASE_NEWER: [500, "The database is newer than this program"],
  DATABASE_BINARY_MISSING: [500, "The embedded database is not installed"],
  DATABASE_FAILED: [500, "The database did not start"],
  MIGRATION_CHANGED: [500, "An applied migration was changed"],
  PORT_IN_USE: [500, "The port is taken"],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]; // Object.keys forgets the key type

/** One wrong value among several; `row` counts from 0 and is absent where there is one record. */
export const Issue = z.object({
  row: z.int().optional(),
  field: z.string(),
  expected: z.string(),
  got: z.string(),
  /** What was expected as data; absent where only the sentence tells. */
  rule: IssueRule.optional(),
});
export type Issue = z.infer<typeof Issue>;

/** What an error says: the message, the field and value it is about, and what to do next. */
export type ErrorDetails = {
  message: string;
  field?: string;
  value?: unknown;
  /** The way out, as a sentence or a command. */
  help?: string;
  /** Every wrong value, where there may be more than one. */
  issues?: readonly Issue[];
  cause?: unknown;
};

/** The one error class: a code of the closed table and what a reader needs to get out of it. */
export class CausewayError extends Error {
  override readonly name = "CausewayError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly field: string | undefined;
  readonly value: unknown;
  readonly help: string | undefined;
  readonly issues: readonly Issue[] | undefined;
  /** Set where the error came over the wire. */
  requestId: string | undefined;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.message, { cause: details.cause });
    this.code = code;
    this.status = ERRORS[code][0];
    this.field = details.field;
    this.value = details.value;
    this.help = details.help;
    this.issues = details.issues;
  }
}

/** Makes the error to throw: `throw fail("NOT_FOUND", { message: "no dataset customers", field: "dataset" })`. */
export function fail(code: ErrorCode, details: ErrorDetails): CausewayError {
  return new CausewayError(code, details);
}

/** The error as it travels: problem+json (RFC 9457) with our members. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(ERROR_CODES),
  field: z.string().optional(),
  value: Json.optional(),
  help: z.string().optional(),
  issues: z.array(Issue).optional(),
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Why a piece of work failed, as it is kept: what was wrong, and what to do next where that is known. */
export const Failure = Problem.pick({ code: true, detail: true }).extend({ help: z.string().nullable() });
export type Failure = z.infer<typeof Failure>;

/** Longest value that an error repeats, in characters; the rest is cut. */
const LONGEST_VALUE = 200;

/** Turns any thrown thing into what a caller may see; what is not ours becomes INTERNAL without its text. */
export function toProblem(error: unknown, requestId?: string): Problem {
  const known =
    error instanceof CausewayError
      ? error
      : fail("INTERNAL", {
          message: "Something failed inside Causeway; the log has the details under the request id",
          help: "causeway logs",
          cause: error,
        });
  return {
    type: `https://causeway.dev/errors/${known.code}`,
    title: ERRORS[known.code][1],
    status: known.status,
    detail: known.message,
    code: known.code,
    ...(known.field === undefined ? {} : { field: known.field }),
    ...(known.value === undefined ? {} : { value: shown(known.value) }),
    ...(known.help === undefined ? {} : { help: known.help }),
    ...(known.issues === undefined ? {} : { issues: [...known.issues] }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Rebuilds the error on the other side of the wire. */
export function fromProblem(problem: Problem): CausewayError {
  const error = fail(problem.code, {
    message: problem.detail,
    ...(problem.field === undefined ? {} : { field: problem.field }),
    ...(problem.value === undefined ? {} : { value: problem.value }),
    ...(problem.help === undefined ? {} : { help: problem.help }),
    ...(problem.issues === undefined ? {} : { issues: problem.issues }),
  });
  error.requestId = problem.requestId;
  return error;
}

function shown(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
