import {
  type CausewayError,
  type Endpoint,
  fail,
  fromProblem,
  Problem,
  pathParameters,
} from "@causeway/contract";
import type { Connection } from "./connection.ts";

/** What a call can carry as bytes; both Node and browsers send it. */
export type RequestBody = Blob | ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string;

/** Options of one call. */
export type CallOptions = {
  signal?: AbortSignal | undefined;
  /** The same key repeats the same answer within 24 hours; every POST gets one of its own unless given. */
  idempotencyKey?: string | undefined;
};

/** A request whose shape is settled: what `send` repeats until it is answered. */
type Prepared = { url: URL; method: string; headers: Headers; body: RequestBody | undefined };

/** How often a call is tried when the server cannot be reached or says it is not ready, and the first wait, doubled each time. */
const TRIES = 6;
const FIRST_WAIT_MS = 150;

/** Sends one call of an endpoint and gives its response, or throws the error that the server named. */
export async function send(
  connection: Connection,
  endpoint: Endpoint,
  call: { input: Record<string, unknown>; body?: RequestBody | undefined; options?: CallOptions | undefined },
): Promise<Response> {
  const request = prepare(connection, endpoint, call);
  // A stream can be read only once, so a call that sends one is not repeated.
  const repeatable = !(call.body instanceof ReadableStream);
  for (let attempt = 1; ; attempt += 1) {
    const response = await reach(connection, request, call.options?.signal);
    if (response instanceof Response && response.ok) return response;
    const error = response instanceof Response ? await problemOf(response) : response;
    if (!repeatable || attempt === TRIES || error.code !== "UNAVAILABLE") throw error;
    await pause(FIRST_WAIT_MS * 2 ** (attempt - 1), call.options?.signal);
  }
}

function prepare(
  connection: Connection,
  endpoint: Endpoint,
  call: { input: Record<string, unknown>; body?: RequestBody | undefined; options?: CallOptions | undefined },
): Prepared {
  const inPath = pathParameters(endpoint.path);
  const path = inPath.reduce(
    (filled, name) => filled.replace(`:${name}`, encodeURIComponent(String(call.input[name]))),
    endpoint.path as string, // the template type is lost on purpose: parameters are filled in
  );
  const url = new URL(path, connection.url);
  if (connection.project !== undefined) url.searchParams.set("project", connection.project);
  if (connection.environment !== undefined) url.searchParams.set("environment", connection.environment);
  const rest = Object.entries(call.input).filter(
    ([name, value]) => !inPath.includes(name) && value !== undefined,
  );
  const headers = new Headers();
  if (connection.token !== undefined) headers.set("authorization", `Bearer ${connection.token}`);
  let body = call.body;
  if (endpoint.method === "GET" || endpoint.body === "bytes") {
    for (const [name, value] of rest) url.searchParams.set(name, String(value));
    if (body !== undefined) headers.set("content-type", "application/octet-stream");
  } else {
    headers.set("content-type", "application/json");
    body = JSON.stringify(Object.fromEntries(rest));
  }
  if (endpoint.method === "POST" && endpoint.body === "json") {
    headers.set("idempotency-key", call.options?.idempotencyKey ?? crypto.randomUUID());
  }
  return { url, method: endpoint.method, headers, body };
}

/** The response, or the error when nobody answered. */
async function reach(
  connection: Connection,
  { url, method, headers, body }: Prepared,
  signal: AbortSignal | undefined,
): Promise<Response | CausewayError> {
  const fetch = connection.fetch ?? globalThis.fetch;
  try {
    return await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body, ...(body instanceof ReadableStream ? { duplex: "half" } : {}) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    return fail("UNAVAILABLE", {
      message: `no answer from ${url.origin}`,
      help: "start Causeway with: npx --no causeway up",
      cause,
    });
  }
}

async function problemOf(response: Response): Promise<CausewayError> {
  const text = await response.text().catch(() => "");
  const problem = Problem.safeParse(parseJson(text));
  if (problem.success) return fromProblem(problem.data);
  return fail(response.status === 503 ? "UNAVAILABLE" : "BAD_REQUEST", {
    message: `${response.url} answered ${response.status} without a problem description: ${text.slice(0, 200)}`,
    help: "see whether the address is Causeway's",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Waits, unless the caller gives up first. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    function done() {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }
    function aborted() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener("abort", aborted, { once: true });
  });
}
