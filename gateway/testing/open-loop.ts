import { connect, type Socket } from "node:net";

/** What happened to a stream of requests sent at their time, whether or not the ones before were answered. */
export type OpenLoopResult = {
  readonly statuses: ReadonlyMap<number, number>;
  /** Connections that ended with a request under way. */
  readonly broken: number;
  /** Milliseconds from the time a request was due to the end of its answer, ascending. */
  readonly latenciesMs: readonly number[];
};

type Connection = { socket: Socket; dueAt: number | null; received: string; closing: boolean };

/** The request text of a GET, for `runOpenLoop`. */
export function getText(path: string, key: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\n\r\n`;
}

/** The request text of a POST of JSON, for `runOpenLoop`. */
export function postText(path: string, body: string, key: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/**
 * Sends a request every 1/rate seconds over kept connections until `until` is over. A request takes an idle connection, or a
 * new one where none is idle, so that a slow answer delays no other request and its time counts in full.
 */
export async function runOpenLoop(options: {
  readonly port: number;
  readonly request: string;
  readonly ratePerSecond: number;
  readonly until: Promise<unknown>;
  /** Rests so long between looks at the clock, which leaves the processor to others; without it, the loop never rests. */
  readonly restMs?: number;
}): Promise<OpenLoopResult> {
  const { port, request, ratePerSecond, until, restMs } = options;
  const idle: Connection[] = [];
  const open = new Set<Connection>();
  const statuses = new Map<number, number>();
  const latenciesMs: number[] = [];
  let broken = 0;

  function begin(): Connection {
    const connection: Connection = {
      socket: connect(port, "127.0.0.1"),
      dueAt: null,
      received: "",
      closing: false,
    };
    const { socket } = connection;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      connection.received += chunk;
      receive(connection);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (connection.dueAt !== null) broken += 1;
      open.delete(connection);
      const at = idle.indexOf(connection);
      if (at >= 0) idle.splice(at, 1);
    });
    open.add(connection);
    return connection;
  }

  function receive(connection: Connection): void {
    const { received, dueAt } = connection;
    const end = received.indexOf("\r\n\r\n");
    if (end < 0 || dueAt === null) return;
    const head = received.slice(0, end).toLowerCase();
    const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    const status = Number(head.slice(9, 12));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    latenciesMs.push(performance.now() - dueAt);
    connection.dueAt = null;
    connection.received = "";
    connection.closing = head.includes("connection: close");
    if (!connection.closing) idle.push(connection);
  }

  let over = false;
  const ended = until.finally(() => {
    over = true;
  });
  const startedAt = performance.now();
  let sent = 0;
  while (!over) {
    // The first request is due at once: counted from its own time, no request carries the pause before it.
    const due = Math.floor(((performance.now() - startedAt) / 1000) * ratePerSecond) + 1;
    for (; sent < due; sent++) {
      const connection = idle.pop() ?? begin();
      connection.dueAt = startedAt + (sent * 1000) / ratePerSecond;
      connection.socket.write(request);
    }
    await new Promise((resume) => (restMs === undefined ? setImmediate(resume) : setTimeout(resume, restMs)));
  }
  await ended;
  const deadline = performance.now() + 10_000;
  while ([...open].some((connection) => connection.dueAt !== null) && performance.now() < deadline) {
    await new Promise((resume) => setTimeout(resume, 5));
  }
  for (const { socket } of open) socket.destroy();
  return { statuses, broken, latenciesMs: latenciesMs.sort((left, right) => left - right) };
}

/** The latency that a share of requests did not pass. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
}
