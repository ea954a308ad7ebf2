import type { IncomingMessage } from "node:http";
import { type ErrorCode, fail, type Permission, toProblem } from "@causeway/contract";
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { requirePermission } from "../../platform/access/index.ts";
import type { Logger } from "../../platform/log/index.ts";
import { noMlflowRoute } from "../mlflow/no-route.ts";
import { addMlflow, isMlflowAddress, sendWireError } from "../mlflow/plugin.ts";
import type { MlflowRoute } from "../mlflow/route.ts";
import { type Authentication, authenticate } from "./authenticate.ts";
import type { BoundRoute } from "./bind.ts";
import { addBoundRoutes, type RouteParts } from "./bound-routes.ts";
import { explainError } from "./explain-error.ts";
import { matchPath } from "./match-path.ts";
import { addOperatorRoutes, type OperatorParts } from "./open-routes.ts";
import { addPages } from "./pages.ts";
import { checkOrigin } from "./request-guard.ts";
import { DATA_POLICY, SECURITY_HEADERS } from "./security-headers.ts";
import { addSignIn, type SignInParts } from "./sign-in.ts";

/** What control's HTTP side is made of. */
export type AppParts = RouteParts &
  OperatorParts &
  Pick<Authentication, "noAuth"> &
  SignInParts & {
    readonly access: Authentication["access"];
    readonly routes: readonly BoundRoute[];
    /** What is answered to clients of MLflow. */
    readonly mlflow: readonly MlflowRoute[];
    readonly allowedHosts: readonly string[];
    /** The built pages. */
    readonly webFolder: string;
    readonly log: Logger;
    readonly newId: () => string;
  };

/** Largest JSON body: a pipeline of a thousand steps fits many times. */
const LARGEST_JSON_BYTES = 16 * 1024 * 1024;

const RETRY_SECONDS: Partial<Record<ErrorCode, number>> = { OVERLOADED: 1, UNAVAILABLE: 1 };

/** A route as it was added: what it asks of its caller. */
export type AddedRoute = {
  readonly method: string;
  readonly url: string;
  readonly permission: Permission | null;
};

/** The application, and every route that it answers. */
export type App = { readonly app: FastifyInstance; readonly routes: readonly AddedRoute[] };

/** Makes the application: guards first, then the routes of the tables, health, sign-in and pages. */
export function createApp(parts: AppParts): App {
  const added: AddedRoute[] = [];
  const { newId, routes, log } = parts;
  const app = fastify({
    // What is worth telling is told here, with the request's id.
    logger: false,
    // Clients join an address that ends in a slash with a path that begins with one.
    rewriteUrl: ({ url = "/" }) => url.replace(/^\/{2,}/, "/"),
    genReqId: (request) => givenRequestId(request) ?? newId(),
    bodyLimit: LARGEST_JSON_BYTES,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 2_000, ignoreTrailingSlash: false },
    frameworkErrors: (error, request, reply) => sendProblem({ request, reply, log }, error),
  });
  app.decorateRequest("caller", null);
  app.decorateRequest("gone");
  app.addHook("onRoute", ({ url, method, config }) => {
    const { open, permission = null } = config ?? {};
    for (const one of [method].flat()) added.push({ method: one, url, permission });
    if (open === true || permission !== null) return;
    throw new Error(`The route ${url} names neither a permission nor that it is open`);
  });
  app.addHook("onRequest", (request, reply) => guard(request, reply, parts));
  app.addHook("onResponse", async (request, reply) => observe(request, reply, parts));
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    // An empty body is one without fields.
    if (body === "") return done(null, undefined);
    return app.getDefaultJsonParser("error", "error")(request, body as string, done); // parseAs is "string"
  });
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem({ request, reply, log }, error));
  app.setNotFoundHandler((request, reply) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (isMlflowAddress(pathname))
      return sendWireError({ request, reply, log }, noMlflowRoute(request, parts.mlflow));
    return sendProblem({ request, reply, log }, noRoute(request, routes));
  });
  addOperatorRoutes(app, parts);
  addSignIn(app, parts);
  addBoundRoutes(app, routes, parts);
  addMlflow(app, parts.mlflow, parts);
  addPages(app, { folder: parts.webFolder });
  return { app, routes: added };
}

/** Refuses before anything is read: foreign pages, then who is not known, then who may not. */
async function guard(request: FastifyRequest, reply: FastifyReply, parts: AppParts): Promise<void> {
  reply.headers({ ...SECURITY_HEADERS, "x-request-id": request.id });
  request.gone = goneSignal(reply);
  const { headers } = request;
  const credentials = {
    host: headers.host,
    origin: headers.origin,
    fetchSite: oneOf(headers["sec-fetch-site"]),
    authorization: headers.authorization,
    cookie: headers.cookie,
  };
  const foreign = checkOrigin(credentials, parts.allowedHosts);
  if (foreign !== undefined) throw foreign;
  const { open, permission } = request.routeOptions.config;
  if (open === true) return;
  reply.headers({ "content-security-policy": DATA_POLICY, "cache-control": "no-store" });
  request.caller = await authenticate(parts, credentials);
  if (permission !== undefined) requirePermission(request.caller.principal, permission);
}

/** Aborts when the sender hangs up before the answer is complete. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const { raw } = reply;
  raw.once("close", () => {
    if (!raw.writableFinished) gone.abort(new Error("The caller hung up"));
  });
  return gone.signal;
}

function observe(request: FastifyRequest, reply: FastifyReply, { metrics, log }: AppParts): void {
  const { url: route = "unknown" } = request.routeOptions;
  const isStream = reply.getHeader("content-type")?.toString().startsWith("text/event-stream") === true;
  if (!isStream) {
    const seconds = reply.elapsedTime / 1000;
    metrics.observeRequest({ method: request.method, route, status: reply.statusCode, seconds });
  }
  log.debug({ requestId: request.id, method: request.method, route, status: reply.statusCode }, "answered");
}

type Failed = { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly log: Logger };

function sendProblem({ request, reply, log }: Failed, thrown: unknown): void {
  // Nobody is there to be told, and a broken connection is no failure of ours.
  const error = request.gone?.aborted === true ? hungUp(thrown) : explainError(thrown);
  const problem = toProblem(error, request.id);
  if (problem.status >= 500) {
    const route = request.routeOptions?.url;
    log.error({ err: thrown, requestId: request.id, route, code: problem.code }, problem.detail);
  }
  const retry = RETRY_SECONDS[problem.code];
  if (retry !== undefined) reply.header("retry-after", retry);
  if (problem.code === "UNAUTHENTICATED") reply.header("www-authenticate", 'Bearer realm="causeway"');
  // What is left of a body that was refused unread must not be taken for the next request.
  if (hasUnreadBody(request)) reply.header("connection", "close");
  reply.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}

function hungUp(cause: unknown) {
  return fail("BAD_REQUEST", { message: "The caller hung up before the request was complete", cause });
}

function hasUnreadBody({ raw }: FastifyRequest): boolean {
  const { "content-length": length, "transfer-encoding": encoding } = raw.headers;
  return !raw.complete && (encoding !== undefined || (length !== undefined && length !== "0"));
}

/** Tells a path that is not there from one that is, under another method. */
function noRoute(request: FastifyRequest, routes: readonly BoundRoute[]) {
  const { pathname } = new URL(request.url, "http://localhost");
  const methods = routes
    .filter(({ endpoint }) => matchPath(endpoint.path, pathname) !== undefined)
    .map(({ endpoint }) => endpoint.method);
  if (methods.length === 0) {
    return fail("NOT_FOUND", {
      message: `There is nothing at ${request.method} ${pathname}`,
      field: "path",
      value: pathname,
      help: "See the reference of the API: contract/openapi.json",
    });
  }
  return fail("METHOD_NOT_ALLOWED", {
    message: `${pathname} takes ${methods.join(", ")}, not ${request.method}`,
    field: "method",
    value: request.method,
    help: `Use ${methods.join(" or ")}.`,
  });
}

function givenRequestId(request: IncomingMessage): string | undefined {
  const given = oneOf(request.headers["x-request-id"]);
  return given !== undefined && /^[\w.:-]{1,100}$/.test(given) ? given : undefined;
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
