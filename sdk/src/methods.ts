import type { Answer, Endpoint, EndpointTable } from "@causeway/contract";
import type { z } from "zod";
import type { Connection } from "./connection.ts";
import { type BodySource, type CallOptions, send, sendForJson } from "./request.ts";
import { serverSentEvents } from "./server-sent-events.ts";

/** Bytes on their way: `bytes` is the length where the server said it. */
export type Download = { stream: ReadableStream<Uint8Array>; bytes: number | null };

type Result<Output extends z.ZodType, Kind extends Answer> = Kind extends "events"
  ? AsyncIterable<z.output<Output>>
  : Kind extends "bytes"
    ? Promise<Download>
    : Promise<z.output<Output>>;

type Arguments<Input, Body> = Body extends "bytes"
  ? [input: Input, body: BodySource, options?: CallOptions]
  : Record<never, never> extends Input
    ? [input?: Input, options?: CallOptions]
    : [input: Input, options?: CallOptions];

/** The method that an endpoint becomes. */
export type Method<E extends Endpoint> =
  E extends Endpoint<infer Input, infer Output, infer Kind, infer Body>
    ? (...call: Arguments<z.input<Input>, Body>) => Result<Output, Kind>
    : never;

/** One method per endpoint of a table, under the same name. */
export type Methods<Table extends EndpointTable> = { readonly [Name in keyof Table]: Method<Table[Name]> };

/** Derives a table's methods. */
export function methods<Table extends EndpointTable>(connection: Connection, table: Table): Methods<Table> {
  const entries = Object.entries(table).map(([name, endpoint]) => [name, method(connection, endpoint)]);
  return Object.fromEntries(entries) as Methods<Table>; // fromEntries cannot know which value belongs to which name
}

function method(connection: Connection, endpoint: Endpoint) {
  return (input: Record<string, unknown> = {}, ...rest: unknown[]) => {
    // The types above say what `rest` holds: a body first where the endpoint takes bytes, then the options.
    const [body, options] = (endpoint.body === "bytes" ? rest : [undefined, rest[0]]) as [
      BodySource | undefined,
      CallOptions | undefined,
    ];
    const call = { input, body, options };
    switch (endpoint.answer) {
      case "json":
        return sendForJson(connection, endpoint, call);
      case "bytes":
        return send(connection, endpoint, call).then(download);
      case "events":
        return events(connection, endpoint, call);
      default:
        return endpoint.answer satisfies never;
    }
  };
}

async function* events(
  connection: Connection,
  endpoint: Endpoint,
  call: { input: Record<string, unknown>; options?: CallOptions | undefined },
): AsyncGenerator<unknown, void> {
  const response = await send(connection, endpoint, call);
  if (response.body === null) return;
  for await (const data of serverSentEvents(response.body)) yield JSON.parse(data);
}

function download(response: Response): Download {
  const length = response.headers.get("content-length");
  return { stream: response.body ?? new ReadableStream(), bytes: length === null ? null : Number(length) };
}
