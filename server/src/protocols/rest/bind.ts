import type { Readable } from "node:stream";
import type { Endpoint, EndpointTable } from "@causeway/contract";
import type { z } from "zod";
import type { Call } from "../../platform/access/index.ts";

/** Bytes to send: `bytes` is their number where it is known, `name` what a browser would save them as. */
export type Download = {
  readonly stream: Readable;
  readonly bytes?: number;
  readonly mediaType?: string;
  readonly name?: string;
  /** True: shown in a frame or as a picture of our pages, under a policy that lets nothing of it run; else it is saved. */
  readonly shown?: boolean;
};

type HandlerInput<Input extends z.ZodType, Body> = Body extends "bytes"
  ? [input: z.output<Input>, call: Call, body: Readable]
  : [input: z.output<Input>, call: Call];

type HandlerAnswer<Output extends z.ZodType, Kind> = Kind extends "events"
  ? AsyncIterable<z.output<Output>>
  : Kind extends "bytes"
    ? Promise<Download>
    : Promise<z.output<Output>>;

/** What stands behind an endpoint: takes its parsed input and the call, gives what it promises. */
export type Handler<E extends Endpoint> =
  E extends Endpoint<infer Input, infer Output, infer Kind, infer Body>
    ? (...given: HandlerInput<Input, Body>) => HandlerAnswer<Output, Kind>
    : never;

/** One handler per endpoint of a table, under the same name. */
export type Handlers<Table extends EndpointTable> = { readonly [Name in keyof Table]: Handler<Table[Name]> };

/** The id that each value of a stream is sent with; a client that comes back gives the last one as `after`. */
export type EventIds<Table extends EndpointTable> = {
  readonly [Name in keyof Table as Table[Name]["answer"] extends "events" ? Name : never]?: (
    value: z.output<Table[Name]["output"]>,
  ) => string | undefined;
};

/** A route with what answers it. Its input is whatever the endpoint's own schema parsed. */
export type BoundRoute = {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly handle: (input: unknown, call: Call, body: Readable) => unknown;
  readonly eventId: (value: unknown) => string | undefined;
};

/** Joins a table with its handlers; a table with an endpoint that nothing answers does not compile. */
export function bind<Table extends EndpointTable>(
  table: Table,
  handlers: Handlers<Table>,
  eventIds: EventIds<Table> = {},
): BoundRoute[] {
  // Which handler belongs to which endpoint is known to the compiler by name only; here the names are walked.
  const answers = handlers as Record<string, BoundRoute["handle"]>;
  const ids = eventIds as Record<string, BoundRoute["eventId"] | undefined>;
  return Object.entries(table).map(([name, endpoint]) => {
    const handle = answers[name];
    if (handle === undefined) throw new Error(`Nothing answers ${endpoint.method} ${endpoint.path}`);
    return { name, endpoint, handle, eventId: ids[name] ?? (() => undefined) };
  });
}
