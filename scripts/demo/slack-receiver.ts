import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A local stand-in for Slack's incoming webhook: takes the real payload, answers "ok", hands the text on. */
export async function startSlackReceiver(onMessage: (text: string) => void) {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const text = textOf(body);
      response.writeHead(text === null ? 400 : 200).end(text === null ? "invalid_payload" : "ok");
      if (text !== null) onMessage(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return { url: `http://127.0.0.1:${port}/services/T000/B000/demo`, close: () => server.close() };
}

function textOf(body: string): string | null {
  try {
    const payload: unknown = JSON.parse(body);
    const text = typeof payload === "object" && payload !== null && "text" in payload ? payload.text : null;
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}
