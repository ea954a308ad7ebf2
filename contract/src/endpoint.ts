import type { z } from "zod";
import type { Permission } from "./permissions.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** `json`: one JSON value. `events`: server-sent events, each `data:` one value of `output`. `bytes`: a stream of octets. */
export type Answer = "json" | "events" | "bytes";

/**
 * One route of the wire. `input` holds path, query and body fields together: a field named in `path` travels in the path,
 * the rest in the query for GET and for `body: "bytes"`, else in a JSON body.
 */
export type Endpoint<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
  Kind extends Answer = Answer,
  Body extends "json" | "bytes" = "json" | "bytes",
> = {
  readonly method: Method;
  /** `/api/<stage>/<nouns>/:parameter`. */
  readonly path: `/${string}`;
  readonly permission: Permission;
  /** One sentence for the reference and for `openapi.json`. */
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  readonly answer: Kind;
  readonly body: Body;
  /** True for a POST that may be done twice as well as once: a repeated one is simply done again. */
  readonly repeatable: boolean;
};

/** Declares a route; `answer` and `body` are JSON unless said otherwise. */
export function endpoint<
  Input extends z.ZodObject,
  Output extends z.ZodType,
  const Kind extends Answer = "json",
  const Body extends "json" | "bytes" = "json",
>(declared: {
  method: Method;
  path: `/${string}`;
  permission: Permission;
  summary: string;
  input: Input;
  output: Output;
  answer?: Kind;
  body?: Body;
  repeatable?: boolean;
}): Endpoint<Input, Output, Kind, Body> {
  return {
    ...declared,
    // The defaults below are exactly the type parameters' defaults.
    answer: (declared.answer ?? "json") as Kind,
    body: (declared.body ?? "json") as Body,
    repeatable: declared.repeatable ?? false,
  };
}

/** A named set of routes: one per stage, and one for the platform. */
export type EndpointTable = Readonly<Record<string, Endpoint>>;

/** The names of the path parameters of a route, in order. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/:([A-Za-z]+)/g)].map((match) => match[1] ?? "");
}
