import { Agent, request } from "node:http";
import type { TrackingServer } from "./tracking-servers.ts";

/** Sends requests of MLflow's REST API over connections that stay open. */
export type Wire = ReturnType<typeof openWire>;

const PREFIX = "/api/2.0/mlflow";

/** Opens a client of a tracking server that keeps up to `connections` connections. */
export function openWire(server: Pick<TrackingServer, "url" | "headers">, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(server.url);

  function send(method: string, path: string, body?: Buffer | string): Promise<Buffer> {
    const headers: Record<string, string | number> = { ...server.headers };
    if (body !== undefined) {
      headers["content-length"] = Buffer.byteLength(body);
      headers["content-type"] = typeof body === "string" ? "application/json" : "application/octet-stream";
    }
    return new Promise((resolve, reject) => {
      const sent = request({ agent, hostname, port, method, path, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const answer = Buffer.concat(parts);
          if (response.statusCode === 200) resolve(answer);
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${answer.subarray(0, 500)}`));
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  const post = async (path: string, body: unknown) =>
    JSON.parse(String(await send("POST", `${PREFIX}/${path}`, JSON.stringify(body))));
  const get = (path: string) => send("GET", `${PREFIX}/${path}`);
  return { send, post, get, close: () => agent.destroy() };
}

/** Does something over and over on several lanes for some seconds; answers how often a second. */
export async function rate(
  lanes: number,
  seconds: number,
  once: (lane: number, count: number) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  let done = 0;
  const run = async (lane: number) => {
    for (let count = 0; performance.now() < until; count += 1) {
      await once(lane, count);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  return done / ((performance.now() - startedAt) / 1000);
}

/** Seconds that something takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Does one thing for each number below `count` on several lanes. */
export async function spreadOver(count: number, lanes: number, one: (index: number) => Promise<unknown>) {
  let next = 0;
  const run = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await one(index);
    }
  };
  await Promise.all(Array.from({ length: lanes }, run));
}
