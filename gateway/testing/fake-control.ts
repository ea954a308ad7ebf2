import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { DesiredDeployment, DesiredState, GatewayReport } from "@causeway/contract";
import type { Traffic } from "../src/traffic.ts";

export type ReportedDeployment = Pick<GatewayReport, "revision" | "state" | "problem" | "golden"> & {
  deployment: string;
};

/** Control as a gateway sees it: desired state as events, files, reports. It runs on a port of its own. */
export async function startFakeControl(token = "gateway-token") {
  const files = new Map<string, Buffer>();
  const reports: { gateway: string; reports: ReportedDeployment[]; traffic: Traffic[] }[] = [];
  let refusing = false;
  const streams = new Set<ServerResponse>();
  let state: DesiredState = { tag: "0", deployments: [] };
  let changes = 0;

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://control");
    if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end("{}");
    if (url.pathname === "/api/deployments/desired") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`: hello\n\ndata: ${JSON.stringify(state)}\n\n`);
      streams.add(response);
      response.on("close", () => streams.delete(response));
      return;
    }
    const file = files.get(url.pathname.replace("/api/deployments/files/", ""));
    if (file) return void response.end(file);
    const [, gateway] = /^\/api\/deployments\/gateways\/([^/]+)\/reports$/.exec(url.pathname) ?? [];
    if (!gateway) return void response.writeHead(404).end("{}");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    reports.push({ gateway, ...JSON.parse(Buffer.concat(chunks).toString()) });
    if (refusing) return void response.writeHead(503).end("{}");
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address

  return {
    token,
    url: `http://127.0.0.1:${port}`,
    reports,
    /** Puts a file where gateways download it; gives what a version says of it. */
    addFile(path: string, bytes: Buffer | Uint8Array) {
      const digest = createHash("sha256").update(bytes).digest("hex");
      files.set(digest, Buffer.from(bytes));
      return { path, digest, bytes: bytes.length };
    },
    /** Makes the bytes of a file differ from its digest. */
    corruptFile: (digest: string) => files.set(digest, Buffer.from("rotten")),
    desire(deployments: DesiredDeployment[], readers?: string[]) {
      changes += 1;
      state = { tag: String(changes), deployments, ...(readers ? { readers } : {}) };
      for (const stream of streams) stream.write(`data: ${JSON.stringify(state)}\n\n`);
    },
    /** Waits for a report of a deployment's revision in a state. */
    async reported(
      deployment: string,
      revision: number,
      wanted: GatewayReport["state"],
    ): Promise<ReportedDeployment> {
      for (let tries = 0; tries < 2000; tries++) {
        const found = reports
          .flatMap((one) => one.reports)
          .findLast(
            (one) => one.deployment === deployment && one.revision === revision && one.state === wanted,
          );
        if (found) return found;
        await new Promise((resume) => setTimeout(resume, 10));
      }
      throw new Error(
        `no report that ${deployment} revision ${revision} is ${wanted}: ${JSON.stringify(reports.at(-1))}`,
      );
    },
    /** Takes reports without acknowledging them. */
    refuseReports(refuse: boolean) {
      refusing = refuse;
    },
    disconnect() {
      for (const stream of streams) stream.destroy();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type FakeControl = Awaited<ReturnType<typeof startFakeControl>>;
