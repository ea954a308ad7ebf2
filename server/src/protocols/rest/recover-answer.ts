import { Readable } from "node:stream";
import { CausewayError, type Endpoint } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { BoundRoute } from "./bind.ts";
import { matchPath } from "./match-path.ts";
import { parseInput } from "./parse-input.ts";

/** A request whose answer is lost, and the REST path of a thing that it changed. */
export type LostAnswer = {
  readonly endpoint: Endpoint;
  readonly subject: string;
  readonly routes: readonly BoundRoute[];
  readonly call: Call;
};

/**
 * Makes a lost answer again: reads the thing at its own address, and takes it where it is what the endpoint promises, as
 * for an endpoint that makes a thing and answers it. Undefined otherwise, as for a secret that is shown once.
 */
export async function recoverAnswer({ endpoint, subject, routes, call }: LostAnswer): Promise<unknown> {
  const { pathname, searchParams } = new URL(subject, "http://localhost");
  for (const { endpoint: reader, handle } of routes) {
    const params =
      reader.method === "GET" && reader.answer === "json" ? matchPath(reader.path, pathname) : undefined;
    if (params === undefined) continue;
    try {
      const input = parseInput(reader, { params, query: Object.fromEntries(searchParams), body: undefined });
      const promised = endpoint.output.safeParse(await handle(input, call, Readable.from([])));
      return promised.success ? promised.data : undefined;
    } catch (error) {
      // It is gone again, or its address is not one that can be read.
      if (error instanceof CausewayError) return undefined;
      throw error;
    }
  }
  return undefined;
}
