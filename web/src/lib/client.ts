import { ENDPOINTS, type Endpoint, type Endpoints, pathParameters } from "@causeway/contract";
import { type Client, createClient } from "@causeway/sdk/client";
import type { z } from "zod";
import type { Scope } from "./scope.ts";

/** The tables of the contract: the stages that are built, and the platform. */
export type Stage = keyof Endpoints;

/** The names of a stage's routes that answer in one way. */
type Named<S extends Stage, Answer extends string> = {
  [Name in keyof Endpoints[S]]: Endpoints[S][Name] extends { answer: Answer } ? Name : never;
}[keyof Endpoints[S]] &
  string;

export type JsonRoute<S extends Stage> = Named<S, "json">;
/** Routes that the browser reads by itself: downloads and event streams. */
export type LinkRoute<S extends Stage> = Named<S, "bytes" | "events">;

/** What a route is asked with, and what it answers. */
export type Input<S extends Stage, Name extends keyof Endpoints[S]> = Endpoints[S][Name] extends {
  input: infer Schema extends z.ZodType;
}
  ? z.input<Schema>
  : never;
export type Output<S extends Stage, Name extends keyof Endpoints[S]> = Endpoints[S][Name] extends {
  output: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : never;

const clients = new Map<string, Client>();

/** The SDK's client for one scope; the cookie of the browser session says who asks. */
export function clientOf(scope: Scope): Client {
  const key = `${scope.project}/${scope.environment}`;
  const known = clients.get(key) ?? createClient({ url: location.origin, ...scope });
  clients.set(key, known);
  return known;
}

/** Asks one route that answers with JSON. */
export function call<S extends Stage, Name extends JsonRoute<S>>(
  [stage, name]: readonly [S, Name],
  input: Input<S, Name>,
  scope: Scope,
): Promise<Output<S, Name>> {
  // Over an open stage and name the compiler cannot follow the mapped type that gives each route its method.
  const methods = clientOf(scope)[stage] as unknown as Record<
    string,
    ((input: unknown) => Promise<Output<S, Name>>) | undefined
  >;
  const method = methods[name];
  if (method === undefined) throw new Error(`the contract has no route ${stage}.${name}`);
  return method(input);
}

/** The address of a download or of an event stream, for the browser to read by itself. */
export function addressOf<S extends Stage, Name extends LinkRoute<S>>(
  [stage, name]: readonly [S, Name],
  input: Input<S, Name>,
  scope: Scope,
): string {
  const table: Record<string, Endpoint> = ENDPOINTS[stage];
  const endpoint = table[name];
  if (endpoint === undefined) throw new Error(`the contract has no route ${stage}.${name}`);
  const fields: Record<string, unknown> = { ...(input as object) }; // every input is an object of fields
  const inPath = pathParameters(endpoint.path);
  const path = inPath.reduce(
    (filled, field) => filled.replace(`:${field}`, encodeURIComponent(String(fields[field]))),
    String(endpoint.path),
  );
  const query = new URLSearchParams({ ...scope });
  for (const [field, value] of Object.entries(fields)) {
    if (!inPath.includes(field) && value !== undefined) query.set(field, String(value));
  }
  return `${path}?${query}`;
}
