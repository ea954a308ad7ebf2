import {
  type Endpoint,
  Environment,
  fail,
  type Issue,
  issueRule,
  Name,
  pathParameters,
  type Scope,
} from "@causeway/contract";
import { z } from "zod";

/** What a request carries, before anything is known of it. */
export type RawRequest = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;
};

/** The scope that a request asks for; what it leaves out is the token's. */
export type AskedScope = { readonly project?: Scope["project"]; readonly environment?: Scope["environment"] };

const AskedScope = z.object({ project: Name.optional(), environment: Environment.optional() });

/** Longest value that an issue repeats, in characters. */
const LONGEST_VALUE = 80;

/** Reads the scope from the query of any route. */
export function parseScope(query: RawRequest["query"]): AskedScope {
  const { project, environment } = query;
  const parsed = AskedScope.safeParse({ project, environment });
  if (!parsed.success) throw invalid(issuesOf(parsed.error, { project, environment }));
  const scope = parsed.data;
  return {
    ...(scope.project === undefined ? {} : { project: scope.project }),
    ...(scope.environment === undefined ? {} : { environment: scope.environment }),
  };
}

/** Gathers path, query and body into an endpoint's input and parses it; every wrong and unknown field is named. */
export function parseInput(endpoint: Endpoint, request: RawRequest): unknown {
  const shape: Readonly<Record<string, z.core.$ZodType>> = endpoint.input.shape;
  const inPath = pathParameters(endpoint.path);
  const byQuery = endpoint.method === "GET" || endpoint.body === "bytes";
  const query = Object.entries(request.query).filter(
    ([name]) => name !== "project" && name !== "environment",
  );
  const sent = byQuery
    ? Object.fromEntries(query.map(([name, value]) => [name, queryValue(shape[name], value)]))
    : bodyFields(request.body);
  const known = Object.keys(shape).filter((name) => !inPath.includes(name));
  const strange = Object.keys(sent).filter((name) => !known.includes(name));
  const misplaced = byQuery ? [] : query.map(([name]) => name);
  const unknown = [
    ...strange.map((field): Issue => ({ field, expected: expectedFields(known), got: "an unknown field" })),
    ...misplaced.map((field): Issue => ({ field, expected: "fields in the body", got: "one in the query" })),
  ];
  const gathered = { ...sent, ...request.params };
  const parsed = endpoint.input.safeParse(gathered);
  const issues = [...unknown, ...(parsed.success ? [] : issuesOf(parsed.error, gathered))];
  if (issues.length > 0) throw invalid(issues);
  return parsed.data;
}

function bodyFields(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  if (typeof body === "object" && !Array.isArray(body)) return { ...body };
  throw fail("BAD_REQUEST", {
    message: `The body is ${Array.isArray(body) ? "an array" : `a ${typeof body}`}, not an object`,
    field: "body",
    help: 'Send one JSON object, for example {"name": "churn"}.',
  });
}

/** A query knows only text: numbers, booleans and lists are read from it where the endpoint wants them. */
function queryValue(schema: z.core.$ZodType | undefined, value: string | string[]): unknown {
  const wanted = unwrap(schema);
  if (wanted instanceof z.ZodArray) return [value].flat().map((item) => queryValue(wanted.element, item));
  const text = Array.isArray(value) ? (value.at(-1) ?? "") : value;
  if (wanted instanceof z.ZodBoolean)
    return { true: true, "1": true, false: false, "0": false }[text] ?? text;
  if (wanted instanceof z.ZodNumber && text.trim() !== "" && !Number.isNaN(Number(text))) return Number(text);
  return text;
}

function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  ) {
    return unwrap(schema.unwrap());
  }
  return schema;
}

function expectedFields(known: readonly string[]): string {
  return known.length === 0 ? "no fields" : `one of ${known.join(", ")}`;
}

function issuesOf(error: z.ZodError, input: unknown): Issue[] {
  return error.issues.map((issue) => {
    const rule = issueRule(issue);
    return {
      field: issue.path.join("."),
      expected: expected(issue),
      got: shown(valueAt(input, issue.path)),
      ...(rule === undefined ? {} : { rule }),
    };
  });
}

/** zod says "Invalid input: expected X, received Y"; what was received is shown in our own words. */
function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return articled(issue.expected);
    case "invalid_value":
      return `one of ${issue.values.join(", ")}`;
    default:
      return issue.message.replace(/^Invalid input: expected /, "");
  }
}

function articled(type: string): string {
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      // Only a key that was found in this very value is followed.
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function invalid(issues: readonly Issue[]) {
  const [first] = issues;
  return fail("INVALID_FIELD", {
    message: issues
      .map(({ field, expected, got }) => `${field}: expected ${expected}, got ${got}`)
      .join("; "),
    ...(first === undefined ? {} : { field: first.field, value: first.got }),
    issues,
  });
}
