import type { Readable } from "node:stream";
import type { Endpoint, Permission } from "@causeway/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Call, decideScope } from "../../platform/access/index.ts";
import type { Idempotency } from "../../platform/idempotency/index.ts";
import type { Logger } from "../../platform/log/index.ts";
import type { Metrics } from "../../platform/metrics/index.ts";
import type { Projects } from "../../platform/projects/index.ts";
import type { Authenticated } from "./authenticate.ts";
import type { BoundRoute, Download } from "./bind.ts";
import { parseInput, parseScope, type RawRequest } from "./parse-input.ts";
import { recoverAnswer } from "./recover-answer.ts";
import { SHOWN_HEADERS } from "./security-headers.ts";
import { sendEvents, type ValueStream } from "./send-events.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a caller of the route must be allowed; a route has either this or `open`. */
    permission?: Permission;
    /** True: anybody may call it. */
    open?: boolean;
  }
  interface FastifyRequest {
    /** Who sends it; null on open routes. */
    caller: Authenticated | null;
    /** Aborts when the sender is gone. */
    gone: AbortSignal;
  }
}

/** What the routes need beside their handlers. */
export type RouteParts = {
  readonly idempotency: Idempotency;
  readonly projects: Projects;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** True: answers are compared with what their endpoint promises. For tests; it costs time. */
  readonly checkAnswers: boolean;
  /** Ends every open stream; other requests are finished. */
  readonly stopping: AbortSignal;
};

/** Adds every bound route to the application. */
export function addBoundRoutes(app: FastifyInstance, routes: readonly BoundRoute[], parts: RouteParts): void {
  const takesJson = routes.filter(({ endpoint }) => endpoint.body === "json");
  const takesBytes = routes.filter(({ endpoint }) => endpoint.body === "bytes");
  for (const route of takesJson) addRoute(app, route, { ...parts, routes });
  app.register(async (bytes) => {
    // Whatever the content-type says, an upload is a stream of octets, and nothing of it is held in memory.
    bytes.removeAllContentTypeParsers();
    bytes.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    for (const route of takesBytes) addRoute(bytes, route, { ...parts, routes });
  });
}

function addRoute(app: FastifyInstance, route: BoundRoute, parts: Exchange["parts"]): void {
  const { endpoint } = route;
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { permission: endpoint.permission },
    // Uploads are streamed to the disk, which is their only limit.
    ...(endpoint.body === "bytes" ? { bodyLimit: Number.MAX_SAFE_INTEGER } : {}),
    handler: (request, reply) => answer({ route, parts, request, reply }),
  });
}

type Exchange = {
  readonly route: BoundRoute;
  readonly parts: RouteParts & { readonly routes: readonly BoundRoute[] };
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

async function answer(exchange: Exchange): Promise<unknown> {
  const { route, request, reply } = exchange;
  const { endpoint } = route;
  const raw: RawRequest = {
    // Fastify's own parsers made these: text by name, repeated query fields as lists.
    params: request.params as RawRequest["params"],
    query: request.query as RawRequest["query"],
    body: endpoint.body === "json" ? request.body : undefined,
  };
  const call = await makeCall(exchange, raw);
  const input = parseInput(endpoint, withLastEventId(endpoint, raw, request.headers["last-event-id"]));
  switch (endpoint.answer) {
    case "json":
      return reply
        .type("application/json; charset=utf-8")
        .send(await jsonAnswer(exchange, call, { raw, input }));
    case "bytes":
      // The table's type promises a Download here; `bind` made sure of it.
      return sendDownload(exchange, (await route.handle(input, call, bodyOf(request))) as Download);
    case "events":
      return streamEvents(exchange, call, input);
    default:
      return endpoint.answer satisfies never;
  }
}

async function makeCall({ parts, request }: Exchange, raw: RawRequest): Promise<Call> {
  const caller = request.caller;
  if (caller === null) throw new Error("A bound route was reached without a caller");
  const { principal } = caller;
  const scope = decideScope(principal, parseScope(raw.query));
  await parts.projects.require(scope.project);
  return {
    actor: principal.actor,
    scope,
    permissions: principal.permissions,
    requestId: request.id,
    signal: request.gone,
    ...(principal.attempt === undefined ? {} : { attempt: principal.attempt }),
  };
}

async function jsonAnswer(
  { route, parts, request }: Exchange,
  call: Call,
  { raw, input }: { raw: RawRequest; input: unknown },
): Promise<string> {
  const { endpoint, handle } = route;
  const run = async (): Promise<unknown> => {
    const value = await handle(input, call, bodyOf(request));
    return parts.checkAnswers ? endpoint.output.parse(value) : value;
  };
  const key = request.headers["idempotency-key"];
  const isKeyed =
    endpoint.method === "POST" && endpoint.body === "json" && !endpoint.repeatable && typeof key === "string";
  if (!isKeyed || key === "") return JSON.stringify(await run());
  const kept = await parts.idempotency.once(
    {
      key,
      caller: `${call.actor.kind}:${call.actor.id}`,
      secret: request.caller?.secret ?? "",
      content: JSON.stringify([endpoint.method, endpoint.path, call.scope, raw.params, raw.body ?? null]),
      requestId: request.id,
    },
    { run, recover: (subject) => recoverAnswer({ endpoint, subject, routes: parts.routes, call }) },
  );
  return JSON.stringify(kept);
}

/** A reader of a stream that lost its connection goes on where it was. */
function withLastEventId(
  endpoint: Endpoint,
  raw: RawRequest,
  lastEventId: string | string[] | undefined,
): RawRequest {
  if (endpoint.answer !== "events" || typeof lastEventId !== "string" || lastEventId === "") return raw;
  if (!("after" in endpoint.input.shape)) return raw;
  return { ...raw, query: { ...raw.query, after: lastEventId } };
}

function sendDownload({ request, reply, parts }: Exchange, download: Download): FastifyReply {
  const { stream, bytes, mediaType = "application/octet-stream", name, shown = false } = download;
  reply.type(mediaType);
  if (bytes !== undefined) reply.header("content-length", bytes);
  // Never shown as a page of ours: what is stored here may be anything.
  if (shown) reply.headers(SHOWN_HEADERS);
  const file = name === undefined ? "" : `; filename*=UTF-8''${encodeURIComponent(name)}`;
  reply.header("content-disposition", `${shown ? "inline" : "attachment"}${file}`);
  stream.on("error", (error) => {
    if (!request.gone.aborted) parts.log.error({ err: error, requestId: request.id }, "download failed");
  });
  return reply.send(stream);
}

async function streamEvents(
  { route, parts, request, reply }: Exchange,
  given: Call,
  input: unknown,
): Promise<void> {
  const call = { ...given, signal: AbortSignal.any([given.signal, parts.stopping]) };
  // The table's type promises a stream of values here; `bind` made sure of it.
  const values = route.handle(input, call, bodyOf(request)) as ValueStream;
  let closed = () => {};
  try {
    await sendEvents({ values, eventId: route.eventId, signal: call.signal }, () => {
      closed = parts.metrics.openStream();
      reply.hijack();
      const { raw } = reply;
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) raw.setHeader(name, value);
      }
      raw.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" });
      return raw;
    });
  } catch (error) {
    if (!reply.sent) throw error;
    parts.log.error({ err: error, requestId: request.id, route: route.endpoint.path }, "stream failed");
  } finally {
    closed();
  }
}

/** The parser of upload routes leaves the request itself as the body. */
function bodyOf(request: FastifyRequest): Readable {
  return request.raw;
}
