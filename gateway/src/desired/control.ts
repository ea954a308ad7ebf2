import { DesiredState, deployments, type Endpoint, fail, fromProblem, Problem } from "@causeway/contract";
import type { Traffic } from "../traffic.ts";
import { eventData } from "./event-stream.ts";
import type { Report } from "./report.ts";

/** One report of a gateway. */
export type Told = { readonly reports: readonly Report[]; readonly traffic: readonly Traffic[] };

/** What a gateway asks of control. */
export type Control = {
  /** Desired states, one at once and one at each change, until the stream ends. */
  desiredStates(signal: AbortSignal): AsyncGenerator<DesiredState>;
  downloadFile(digest: string): Promise<ReadableStream<Uint8Array>>;
  /** Tells what is loaded and what was answered. */
  report(told: Told, signal: AbortSignal): Promise<void>;
};

/** Nothing heard for this long means that the connection is dead: control sends a comment every 5 s. */
const SILENCE_MS = 20_000;
const REPORT_MS = 5000;

/** Speaks to control under the endpoint table, with the gateway's token. */
export function createControl(options: { url: string; token: string | null; gateway: string }): Control {
  const { url, token, gateway } = options;
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };

  async function send(endpoint: Endpoint, path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(new URL(path, url), {
      ...init,
      method: endpoint.method,
      headers: { ...headers, "content-type": "application/json" },
    });
    if (response.ok) return response;
    const problem = Problem.safeParse(await response.json().catch(() => null));
    if (problem.success) throw fromProblem(problem.data);
    throw fail("UNAVAILABLE", {
      message: `control answered ${response.status} to ${endpoint.method} ${path}`,
      help: "check --control-url",
    });
  }

  return {
    async *desiredStates(signal) {
      const silence = new AbortController();
      const stopped = AbortSignal.any([signal, silence.signal]);
      let timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const { body } = await send(
        deployments.desiredState,
        `${deployments.desiredState.path}?gateway=${gateway}`,
        {
          signal: stopped,
        },
      );
      if (!body) return;
      async function* heard(stream: AsyncIterable<Uint8Array>) {
        for await (const chunk of stream) {
          clearTimeout(timer);
          timer = setTimeout(() => silence.abort(), SILENCE_MS);
          yield chunk;
        }
      }
      try {
        for await (const data of eventData(heard(body))) yield DesiredState.parse(JSON.parse(data));
      } finally {
        clearTimeout(timer);
      }
    },
    async downloadFile(digest) {
      const path = deployments.downloadModelFile.path.replace(":digest", digest);
      const { body } = await send(deployments.downloadModelFile, path, {});
      if (body) return body;
      throw fail("UNAVAILABLE", { message: `control sent no bytes for ${path}` });
    },
    async report(told, signal) {
      const path = deployments.reportGateway.path.replace(":gateway", gateway);
      const response = await send(deployments.reportGateway, path, {
        body: JSON.stringify(told),
        signal: AbortSignal.any([signal, AbortSignal.timeout(REPORT_MS)]),
      });
      await response.body?.cancel();
    },
  };
}
