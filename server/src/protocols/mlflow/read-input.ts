import type { z } from "zod";
import { mlflowError, type WireError } from "./errors.ts";
import { missingValue, wrongKind } from "./refusals.ts";
import type { MlflowRoute } from "./route.ts";
import { isWireList } from "./wire.ts";

/** What a request carries, before anything is known of it; `body` is the text that was sent. */
export type RawRequest = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;
  readonly contentType: string | undefined;
};

type Fields = Record<string, unknown>;

/** Fields of a route that may be given more than once in its query. */
export function listFields({ input }: Pick<MlflowRoute, "input">): ReadonlySet<string> {
  // Only object schemas have a shape; the others read what they are given by themselves.
  const { shape = {} } = input as { shape?: Record<string, z.ZodType> };
  return new Set(Object.keys(shape).filter((name) => shape[name] !== undefined && isWireList(shape[name])));
}

/** Gathers query or body with the path's parameters into a route's input; what is wrong is said in MLflow's words. */
export function readInput(
  route: Pick<MlflowRoute, "method" | "input" | "body">,
  raw: RawRequest,
  lists: ReadonlySet<string>,
): unknown {
  const sent =
    route.method === "GET" || route.body === "bytes" ? readQuery(raw.query, lists) : readBody(route, raw);
  const { "*": rest, ...params } = raw.params;
  // The path wins: what it names was what access was asked for.
  const fields: Fields = { ...sent, ...params, ...(rest === undefined ? {} : { artifact_path: rest }) };
  // Old clients name a run by its former field.
  if ((fields.run_id ?? "") === "" && fields.run_uuid !== undefined) fields.run_id = fields.run_uuid;
  const parsed = route.input.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw explainIssue(parsed.error, fields, raw.body);
}

function readQuery(query: RawRequest["query"], lists: ReadonlySet<string>): Fields {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      lists.has(name) ? [value].flat() : Array.isArray(value) ? value[0] : value,
    ]),
  );
}

function readBody({ method }: Pick<MlflowRoute, "method">, { body, contentType }: RawRequest): Fields {
  if (body === undefined || body === "") {
    if (method !== "DELETE" && contentType === undefined) throw wrongContentType(contentType);
    return {};
  }
  if (contentType === undefined || !/^application\/(.+\+)?json\s*(;|$)/i.test(contentType)) {
    throw wrongContentType(contentType);
  }
  const value = parseJson(String(body));
  // Old clients send their JSON as a JSON text.
  const fields = typeof value === "string" ? parseJson(value) : value;
  if (fields === null) return {};
  if (typeof fields === "object" && !Array.isArray(fields)) return { ...fields };
  throw mlflowError(
    "BAD_REQUEST",
    `The body is ${Array.isArray(fields) ? "a list" : `a ${typeof fields}`}, not an object. Send one JSON object, for example {"run_id": "…"}.`,
  );
}

function wrongContentType(contentType: string | undefined): WireError {
  return mlflowError(
    "BAD_REQUEST",
    `Bad Request. Content-Type is ${contentType ?? "missing"}; send \`Content-Type: application/json\`.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw mlflowError("BAD_REQUEST", `The body is not valid JSON: ${reason}`, cause);
  }
}

/** The first thing that is wrong, in the words that MLflow's clients and their tests know. */
function explainIssue(error: z.ZodError, fields: Fields, body: unknown): WireError {
  const issue = error.issues[0];
  const path = issue?.path ?? [];
  const name = path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
  const value = valueAt(fields, path);
  if (value === undefined || value === null || value === "") return missingValue(name, error);
  const shown = shownAt(body, path);
  return wrongKind(
    name,
    {
      value,
      ...(shown === undefined ? {} : { shown }),
      ...(issue === undefined ? {} : { hint: issue.message }),
    },
    error,
  );
}

function valueAt(fields: Fields, path: readonly PropertyKey[]): unknown {
  let value: unknown = fields;
  // What is walked is JSON; a step that leads nowhere gives undefined.
  for (const part of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return value;
}

/** A number exactly as it was written, `9.0` say; undefined for what is no number of the top. */
function shownAt(body: unknown, path: readonly PropertyKey[]): string | undefined {
  const [name] = path;
  if (typeof body !== "string" || path.length !== 1) return undefined;
  let source: string | undefined;
  try {
    JSON.parse(body, (...[key, value, context]: [string, unknown, { source?: string }?]) => {
      if (key === name && typeof value === "number") source = context?.source;
      return value;
    });
  } catch {
    // A body that was encoded twice is shown by its value.
    return undefined;
  }
  return source;
}
