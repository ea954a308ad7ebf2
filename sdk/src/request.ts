import { CausewayError, type Endpoint, fail, fromProblem, Problem, pathParameters } from "@causeway/contract";
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
type Prepared = { url: URL; method: string; headers: Headers; body: BodySource | undefined };

/** A body, or what gives it anew each time that the call is tried: a stream can be read only once. */
export type BodySource = RequestBody | (() => RequestBody);

/** A server that is restarted is back within this; so long a call is tried when it cannot be reached or is not ready. */
const PATIENCE_MS = 12_000;
/** The first wait between tries, doubled each time up to the longest. */
const FIRST_WAIT_MS = 150;
const LONGEST_WAIT_MS = 1000;

/** One call of an endpoint. */
export type EndpointCall = {
  input: Record<string, unknown>;
  body?: BodySource | undefined;
  options?: CallOptions | undefined;
};

/** Sends one call of an endpoint and gives its response, or throws the error that the server named. */
export function send(connection: Connection, endpoint: Endpoint, call: EndpointCall): Promise<Response> {
  return patiently(connection, prepare(connection, endpoint, call), {
    call,
    read: async (response) => response,
  });
}

/** Sends a call and reads its whole answer as JSON; an answer that is cut off is asked for again. */
export function sendForJson(
  connection: Connection,
  endpoint: Endpoint,
  call: EndpointCall,
): Promise<unknown> {
  return patiently(connection, prepare(connection, endpoint, call), {
    call,
    read: (response) => response.json(),
  });
}

async function patiently<Answer>(
  connection: Connection,
  request: Prepared,
  { call, read }: { call: EndpointCall; read: (response: Response) => Promise<Answer> },
): Promise<Answer> {
  const repeatable = !(call.body instanceof ReadableStream);
  const startedAt = performance.now();
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const answer = await reach(connection, request, { signal: call.options?.signal, read });
    if (!(answer instanceof CausewayError)) return answer;
    const isPatient = performance.now() - startedAt < PATIENCE_MS;
    if (!repeatable || !isPatient || answer.code !== "UNAVAILABLE") throw answer;
    await pause(wait, call.options?.signal);
  }
}

function prepare(connection: Connection, endpoint: Endpoint, call: EndpointCall): Prepared {
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

/** The answer, or the error when the server said no or nobody answered. */
async function reach<Answer>(
  connection: Connection,
  { url, method, headers, body: source }: Prepared,
  { signal, read }: { signal: AbortSignal | undefined; read: (response: Response) => Promise<Answer> },
): Promise<Answer | CausewayError> {
  const fetch = connection.fetch ?? globalThis.fetch;
  const body = typeof source === "function" ? source() : source;
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...bodyOptions(body),
      ...(signal === undefined ? {} : { signal }),
    });
    return response.ok ? await read(response) : await problemOf(response);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    return fail("UNAVAILABLE", {
      message: `no answer from ${url.origin}`,
      help: "start Causeway with: npx --no causeway up",
      cause,
    });
  }
}

/** Node's fetch keeps a copy of all bytes that it sends for as long as it might have to follow a redirect with them; nobody redirects an upload. */
function bodyOptions(body: RequestBody | undefined) {
  if (body === undefined) return {};
  const once = { redirect: "error" } as const;
  if (body instanceof ReadableStream) return { body, duplex: "half" as const, ...once };
  return body instanceof Blob ? { body, ...once } : { body };
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
