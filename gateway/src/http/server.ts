import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";
import { CausewayError, fail } from "@causeway/contract";
import type { Logger } from "pino";
import type { LiveDeployment } from "../desired/switcher.ts";
import type { PatientGatekeeper } from "./late-keys.ts";
import { sendError } from "./respond.ts";
import { createRouter, type Exchange, type Route, splitScope } from "./route.ts";

export type HttpServer = {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  listen(address: ListenAddress): Promise<number>;
  /** Stops accepting, lets requests end within `graceMs`, and closes every connection. */
  drain(graceMs: number): Promise<void>;
  readonly inFlight: () => number;
};

export type ListenAddress = {
  readonly host: string;
  readonly port: number;
  /** Lets several gateways listen on one port (SO_REUSEPORT). */
  readonly sharePort: boolean;
};

export type HttpServerOptions = {
  readonly routes: readonly Route[];
  readonly gatekeeper: PatientGatekeeper;
  readonly newId: () => string;
  readonly log: Logger;
  /** Called when a response has been sent. */
  readonly onDone: (route: Route | null, exchange: Exchange | null, status: number) => void;
};

const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
/** Longer than the idle time of common load balancers (60 s), so that they close first. */
const KEEP_ALIVE_MS = 65_000;
/** How long idle connections may still bring a request while draining; it is answered with `connection: close`. */
const LINGER_MS = 500;
const DRAIN_POLL_MS = 20;
/** What metrics call a request whose caller went away before the answer; no such status is ever sent. */
const CALLER_LEFT = 499;

/** The HTTP side of a gateway: finds the route, checks who calls, and turns what is thrown into the protocol's error. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { routes, gatekeeper, newId, log, onDone } = options;
  const router = createRouter(routes);
  let inFlight = 0;
  let draining = false;

  function handle(request: IncomingMessage, response: ServerResponse): void {
    inFlight += 1;
    if (draining) response.setHeader("connection", "close");
    let route: Route | null = null;
    let exchange: Exchange | null = null;
    response.on("close", () => {
      inFlight -= 1;
      onDone(route, exchange, response.writableEnded ? response.statusCode : CALLER_LEFT);
    });
    try {
      const { project, environment, rest } = splitScope(pathOf(request.url ?? "/"));
      const found = router.find(request.method ?? "GET", rest);
      if (found === null || "allow" in found) throw refusePath(request, response, found?.allow ?? []);
      const { route: matched, parameters } = found;
      route = matched;
      const startedMs = performance.now();
      const answer = (deployment: LiveDeployment | null) => {
        exchange = {
          request,
          response,
          parameters,
          project,
          environment,
          deployment,
          startedMs,
          revision: null,
        };
        return matched.handle(exchange);
      };
      const admitted = gatekeeper({
        access: route.access,
        headers: request.headers,
        project,
        environment,
        deployment: parameters["deployment"],
      });
      const done = admitted instanceof Promise ? admitted.then(answer) : answer(admitted);
      if (done) done.catch((error: unknown) => refuse({ request, response, route, error }));
    } catch (error) {
      refuse({ request, response, route, error });
    }
  }

  function refuse(refused: {
    request: IncomingMessage;
    response: ServerResponse;
    route: Route | null;
    error: unknown;
  }): void {
    const { request, response, route, error } = refused;
    if (response.headersSent || response.destroyed) return;
    const requestId = newId();
    const ours = error instanceof CausewayError;
    if (!ours || error.status >= 500)
      log.error({ requestId, err: error, url: request.url }, "a request failed");
    // What is left of the body is read and thrown away, so that the connection can go on.
    request.resume();
    const inference = request.url?.includes("/v2") && route === null;
    sendError(response, error, { shape: route?.errors ?? (inference ? "inference" : "problem"), requestId });
  }

  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
    handle,
  );

  return {
    handle,
    inFlight: () => inFlight,
    listen: (address) => listen(server, address),
    async drain(graceMs) {
      draining = true;
      // Only listening ends here: the HTTP server's own close would cut idle connections that a request is on its way to.
      const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
      const started = performance.now();
      const linger = Math.min(LINGER_MS, graceMs);
      while (performance.now() - started < graceMs) {
        await new Promise((resume) => setTimeout(resume, DRAIN_POLL_MS));
        if (performance.now() - started < linger) continue;
        server.closeIdleConnections();
        if (inFlight === 0) break;
      }
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, { host, port, sharePort }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === "EADDRINUSE"
          ? fail("PORT_IN_USE", {
              message: `port ${port} of ${host} is taken by another program`,
              field: "port",
              value: port,
              help: "stop it, or choose another with --gateway-port",
              cause,
            })
          : fail("CONFIG_INVALID", {
              message: `the gateway cannot listen on ${host}, port ${port}: ${cause.message}`,
              field: "host",
              value: host,
              help: "give --host an address of this machine",
              cause,
            }),
      ),
    );
    // A TCP server's address is an AddressInfo.
    server.listen({ host, port, reusePort: sharePort }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

function refusePath(request: IncomingMessage, response: ServerResponse, allow: readonly string[]) {
  if (allow.length === 0) {
    return fail("NOT_FOUND", {
      message: `nothing is served at ${pathOf(request.url ?? "/").slice(0, 200)}`,
      help: "send records to /predict/<deployment>, or tensors to /v2/models/<deployment>/infer",
    });
  }
  response.setHeader("allow", allow.join(", "));
  return fail("METHOD_NOT_ALLOWED", {
    message: `${request.method} is not understood here; use ${allow.join(" or ")}`,
    field: "method",
    value: request.method,
  });
}

function pathOf(url: string): string {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}
