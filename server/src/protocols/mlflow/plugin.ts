import { Name } from "@causeway/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Call, decideScope } from "../../platform/access/index.ts";
import type { Logger } from "../../platform/log/index.ts";
import type { Projects } from "../../platform/projects/index.ts";
import { mlflowError, toWireError, type WireError } from "./errors.ts";
import { listFields, type RawRequest, readInput } from "./read-input.ts";
import { type MlflowRoute, WireReply } from "./route.ts";

/** What the routes of the MLflow wire need beside their handlers. */
export type MlflowParts = {
  readonly projects: Pick<Projects, "require">;
  readonly log: Logger;
};

/** Largest JSON body: what a run says of one dataset may be 16 million characters long. */
const LARGEST_JSON_BYTES = 64 * 1024 * 1024;

/** Addresses of MLflow: what is not there is answered in its words. */
const MLFLOW_ADDRESS =
  /^\/(api|ajax-api)\/[23]\.0(\/|mlflow\/|$)|^\/(get-artifact|model-versions\/get-artifact|graphql|v1\/traces)$/;

/** True for an address that only a client of MLflow asks for. */
export const isMlflowAddress = (pathname: string): boolean => MLFLOW_ADDRESS.test(pathname);

/** Adds every route under its prefixes, with errors as MLflow's clients read them. */
export function addMlflow(app: FastifyInstance, routes: readonly MlflowRoute[], parts: MlflowParts): void {
  app.register(async (wire) => {
    wire.removeAllContentTypeParsers();
    // Read as text whatever it is called: a wrong content-type is told in MLflow's words, and with what was sent.
    wire.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
    wire.setErrorHandler((error, request, reply) => sendWireError({ request, reply, log: parts.log }, error));
    for (const route of routes.filter(({ body }) => body === "json")) addRoute(wire, route, parts);
    wire.register(async (bytes) => {
      bytes.removeAllContentTypeParsers();
      bytes.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
      for (const route of routes.filter(({ body }) => body === "bytes")) addRoute(bytes, route, parts);
    });
  });
}

function addRoute(app: FastifyInstance, route: MlflowRoute, parts: MlflowParts): void {
  const lists = listFields(route);
  for (const prefix of route.prefixes) {
    app.route({
      method: route.method,
      url: `${prefix}${route.path}`,
      config: { permission: route.permission },
      // Bytes are streamed to the disk, which is their only limit.
      bodyLimit: route.body === "bytes" ? Number.MAX_SAFE_INTEGER : LARGEST_JSON_BYTES,
      handler: async (request, reply) => {
        const call = await makeCall(request, parts);
        const input = readInput(route, rawRequest(request, route), lists);
        const exchange = { body: request.raw, headers: request.headers };
        const answer = await route.handle(input, call, exchange).catch((error: unknown) => {
          throw toWireError(error, typeof input === "object" ? (input ?? {}) : {});
        });
        return sendAnswer(reply, answer);
      },
    });
  }
}

function rawRequest(request: FastifyRequest, { body }: MlflowRoute): RawRequest {
  return {
    // Fastify's own parsers made these: text by name, repeated query fields as lists.
    params: request.params as RawRequest["params"],
    query: request.query as RawRequest["query"],
    body: body === "json" ? request.body : undefined,
    contentType: request.headers["content-type"],
  };
}

/** The project is the workspace of the client where it names one; the environment is always the token's. */
async function makeCall(request: FastifyRequest, { projects }: MlflowParts): Promise<Call> {
  const { caller, headers } = request;
  if (caller === null) throw new Error("A route of the MLflow wire was reached without a caller");
  const { principal } = caller;
  const scope = decideScope(principal, { project: workspaceOf(headers["x-mlflow-workspace"]) });
  await projects.require(scope.project);
  return {
    actor: principal.actor,
    scope,
    permissions: principal.permissions,
    requestId: request.id,
    signal: request.gone,
    ...(principal.attempt === undefined ? {} : { attempt: principal.attempt }),
  };
}

function workspaceOf(header: string | string[] | undefined): string | undefined {
  const given = [header].flat()[0]?.trim();
  if (given === undefined || given === "") return undefined;
  if (Name.safeParse(given).success) return given;
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid workspace '${given}': a workspace is a project of Causeway, and project names are lower-case letters, digits, dots, dashes and underscores`,
  );
}

function sendAnswer(reply: FastifyReply, answer: unknown): FastifyReply {
  if (answer instanceof WireReply) {
    return reply.status(answer.status).headers(answer.headers).send(answer.body);
  }
  return reply.type("application/json").send(JSON.stringify(answer ?? {}));
}

type Failed = { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly log: Logger };

/** Answers an error as MLflow does: JSON, but text where a caller is not known or not allowed. */
export function sendWireError({ request, reply, log }: Failed, thrown: unknown): void {
  const error = request.gone?.aborted === true ? hungUp(thrown) : toWireError(thrown);
  const { code, status, message } = error;
  if (status >= 500) {
    log.error({ err: thrown, requestId: request.id, route: request.routeOptions?.url, code }, message);
  }
  if (status === 429 || status === 503) reply.header("retry-after", 1);
  // What is left of a body that was refused unread must not be taken for the next request.
  if (!request.raw.complete) reply.header("connection", "close");
  if (code === "UNAUTHENTICATED") {
    reply.header("www-authenticate", 'Basic realm="mlflow"').status(status).type("text/plain; charset=utf-8");
    reply.send(message);
    return;
  }
  if (code === "PERMISSION_DENIED") {
    reply.status(status).type("text/plain; charset=utf-8").send(`Permission denied. ${message}`);
    return;
  }
  reply
    .status(status)
    .type("application/json")
    .send(JSON.stringify({ error_code: code, message }));
}

function hungUp(cause: unknown): WireError {
  return mlflowError("BAD_REQUEST", "The caller hung up before the request was complete", cause);
}
