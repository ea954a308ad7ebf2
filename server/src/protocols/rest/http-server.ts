import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, toProblem } from "@causeway/contract";

/** A server that may listen before there is anything to answer with. */
export type HttpServer = {
  readonly server: Server;
  /** Answers with the application from now on. */
  readonly serve: (handler: (request: IncomingMessage, response: ServerResponse) => void) => void;
  /** Takes no more requests, waits for those under way, then cuts what is left. */
  readonly close: (withinMs: number) => Promise<void>;
};

/** Longer than proxies keep an idle connection, so that it is the proxy that closes it. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_MS = 30_000;
const LOOK_MS = 25;

/** Makes the server of control. Until `serve` it answers 503, so that the port is taken while the database starts. */
export function createHttpServer(): HttpServer {
  let handler = answerNotReady;
  const server = createServer((request, response) => handler(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  // An upload may take as long as it takes.
  server.requestTimeout = 0;
  server.on("clientError", refuseBrokenRequest);

  async function close(withinMs: number): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const deadline = performance.now() + withinMs;
    const idle = setInterval(() => {
      // Connections become idle one by one as their requests end.
      server.closeIdleConnections();
      if (performance.now() >= deadline) server.closeAllConnections();
    }, LOOK_MS);
    await Promise.race([closed, sleep(withinMs + 1_000, undefined, { ref: false })]);
    clearInterval(idle);
  }

  return {
    server,
    serve: (next) => {
      handler = next;
    },
    close,
  };
}

function answerNotReady(_request: IncomingMessage, response: ServerResponse): void {
  const problem = toProblem(
    fail("UNAVAILABLE", { message: "Control is starting", help: "Ask again in a moment." }),
  );
  response.writeHead(problem.status, { "content-type": "application/problem+json", "retry-after": "1" });
  response.end(JSON.stringify(problem));
}

/** Answers what is not HTTP; Node closes the connection otherwise without a word. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return;
  const problem = toProblem(
    fail("BAD_REQUEST", {
      message: `The request is not HTTP as this server knows it (${error.code ?? error.message})`,
    }),
  );
  const body = JSON.stringify(problem);
  const headers = [
    "HTTP/1.1 400 Bad Request",
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${headers.join("\r\n")}\r\n\r\n${body}`);
}
