import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Permission } from "@causeway/contract";
import type { z } from "zod";
import type { Call } from "../../platform/access/index.ts";

/** Where a route hangs; the empty prefix is for addresses of their own, such as `/get-artifact`. */
export type MlflowPrefix = "/api" | "/ajax-api" | "";

/** What a handler may need beside its input: bytes that were sent, and the headers. */
export type MlflowExchange = {
  /** The body of a route whose `body` is "bytes"; nothing comes from it elsewhere. */
  readonly body: Readable;
  readonly headers: IncomingHttpHeaders;
};

/** An answer that is no JSON of a 200: bytes, text, another status. */
export class WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Readable | Buffer | string;

  constructor(reply: {
    status?: number;
    headers?: Readonly<Record<string, string | number>>;
    body?: Readable | Buffer | string;
  }) {
    this.status = reply.status ?? 200;
    this.headers = reply.headers ?? {};
    this.body = reply.body ?? "";
  }
}

/** One endpoint of the MLflow wire. Its input is the query of a GET or the JSON body, with the parameters of the path. */
export type MlflowRoute = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As MLflow writes it without the prefix, `:name` for parameters: `/2.0/mlflow/runs/create`. */
  readonly path: string;
  readonly prefixes: readonly MlflowPrefix[];
  readonly permission: Permission;
  readonly body: "json" | "bytes";
  /** Missing: everything that is sent is passed on. */
  readonly input: z.ZodType;
  readonly handle: (input: unknown, call: Call, exchange: MlflowExchange) => Promise<unknown>;
  /** Name of the test that proves it, for the page of compatibility. */
  readonly test: string;
};

/** What is written for a route; the two prefixes and a JSON body go without saying. */
type WrittenRoute<Input extends z.ZodType> = Omit<MlflowRoute, "prefixes" | "body" | "input" | "handle"> & {
  readonly prefixes?: readonly MlflowPrefix[];
  readonly body?: "json" | "bytes";
  readonly input: Input;
  /**
   * Gives the answer as it is written in JSON; what is undefined is left out, nothing at all is `{}`. For bytes, text or another
   * status it gives a `WireReply`. The rest of a path that ends in `*` is `artifact_path` of the input.
   */
  readonly handle: (input: z.output<Input>, call: Call, exchange: MlflowExchange) => Promise<unknown>;
};

/** Writes down a route, its handler typed by its input. */
export function mlflowRoute<Input extends z.ZodType>(route: WrittenRoute<Input>): MlflowRoute {
  return {
    prefixes: ["/api", "/ajax-api"],
    body: "json",
    ...route,
    // The plugin hands over what this very schema parsed.
    handle: route.handle as MlflowRoute["handle"],
  };
}
