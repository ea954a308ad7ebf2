import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fail, toProblem } from "@causeway/contract";
import { afterEach, expect, it } from "vitest";
import { createClient } from "./client.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on TCP, so it has a port
}

async function text(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it("puts path fields in the path, the scope in the query and the rest in the body", async () => {
  const seen: unknown[] = [];
  const url = await serve(async (request, response) => {
    seen.push(request.method, request.url, request.headers.authorization, JSON.parse(await text(request)));
    response.end("{}");
  });
  const client = createClient({ url, token: "t", environment: "prod" });
  await client.registry.assignAlias({ model: "a b", alias: "champion", version: 2 });
  expect(seen).toEqual([
    "PUT",
    "/api/registry/models/a%20b/aliases/champion?environment=prod",
    "Bearer t",
    { version: 2 },
  ]);
});

it("throws the server's problem with its code, field and way out", async () => {
  const url = await serve((_, response) => {
    response.statusCode = 404;
    const error = fail("NOT_FOUND", {
      message: "no dataset x",
      field: "dataset",
      value: "x",
      help: "causeway data list",
    });
    response.end(JSON.stringify(toProblem(error, "r1")));
  });
  await expect(createClient({ url }).data.getDataset({ dataset: "x" })).rejects.toMatchObject({
    code: "NOT_FOUND",
    field: "dataset",
    value: "x",
    help: "causeway data list",
    requestId: "r1",
  });
});

it("repeats a POST under one idempotency key while the server is not ready", async () => {
  const keys: unknown[] = [];
  const url = await serve((request, response) => {
    keys.push(request.headers["idempotency-key"]);
    if (keys.length < 3) {
      response.statusCode = 503;
      response.end(JSON.stringify(toProblem(fail("UNAVAILABLE", { message: "starting" }))));
    } else response.end("{}");
  });
  await createClient({ url }).experiments.createExperiment({ name: "x" });
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

it("sends bytes without keeping them for a redirect, which Node's fetch would", async () => {
  const sent: (RequestInit | undefined)[] = [];
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    sent.push(init);
    return Response.json({ path: "a", digest: "0".repeat(64), bytes: 3 });
  };
  const { experiments } = createClient({ url: "http://localhost", fetch });
  const run = "a".repeat(32);
  await experiments.uploadArtifact({ run, path: "a" }, new Blob(["abc"]));
  await experiments.uploadArtifact({ run, path: "a" }, () => new Blob(["abc"]).stream());
  await experiments.getRun({ run });
  expect(sent.map((init) => init?.redirect)).toEqual(["error", "error", undefined]);
});

it("asks again when an answer is cut off, and sends a file anew when the server was restarting", async () => {
  let asked = 0;
  const url = await serve(async (request, response) => {
    asked += 1;
    const body = await text(request);
    if (asked === 1) {
      response.writeHead(200, { "content-length": "100" });
      response.write("{");
      setTimeout(() => response.destroy(), 20);
    } else if (asked === 2) {
      response.statusCode = 503;
      response.end(JSON.stringify(toProblem(fail("UNAVAILABLE", { message: "starting" }))));
    } else response.end(JSON.stringify({ digest: body, bytes: body.length }));
  });
  const sent = await createClient({ url }).data.upload({}, () => new Blob(["abc"]).stream());
  expect(sent).toEqual({ digest: "abc", bytes: 3 });
});

it("reads server-sent events across chunk borders and past comments", async () => {
  const url = await serve((_, response) => {
    response.write(": beat\n\nid: 1\nda");
    response.write('ta: {"id":"1"}\n\ndata: {"id":\ndata: "2"}\n\n');
    response.end();
  });
  const ids: string[] = [];
  for await (const event of createClient({ url }).platform.streamEvents()) ids.push(event.id);
  expect(ids).toEqual(["1", "2"]);
});

it("goes on following a run from its last log line when the connection breaks", async () => {
  const asked: (string | null)[] = [];
  const url = await serve((request, response) => {
    asked.push(new URL(request.url ?? "", "http://h").searchParams.get("after"));
    if (asked.length === 1) {
      response.write(`data: ${JSON.stringify({ kind: "log", line: { position: 7 }, text: "a" })}\n\n`);
      setTimeout(() => response.destroy(), 20);
    } else {
      response.end(`data: ${JSON.stringify({ kind: "run", run: { state: "succeeded" }, text: "done" })}\n\n`);
    }
  });
  const texts: string[] = [];
  for await (const event of createClient({ url }).pipelines.follow({ pipeline: "churn", number: 1 }))
    texts.push(event.text);
  expect(texts).toEqual(["a", "done"]);
  expect(asked).toEqual(["0", "7"]);
});

it("sends bytes as they are, with progress", async () => {
  let received = "";
  const url = await serve(async (request, response) => {
    if (request.url === "/api/data/uploads") {
      received = await text(request);
      response.end(JSON.stringify({ digest: "d", bytes: received.length }));
    } else response.end(JSON.stringify({ id: "i", state: "succeeded", version: {} }));
  });
  const progress: number[] = [];
  const blob = new Blob(["a,b\n1,2\n"]);
  const done = await createClient({ url }).data.importBlob(
    "t",
    { name: "t.csv", blob },
    { onProgress: (step) => progress.push(step.done) },
  );
  expect(done.state).toBe("succeeded");
  expect(received).toBe("a,b\n1,2\n");
  expect(progress.at(-1)).toBe(8);
});
