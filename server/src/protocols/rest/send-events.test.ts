import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { sendEvents, type ValueStream } from "./send-events.ts";

/** The address of a server that sends nothing but these values. */
async function serve(values: ValueStream): Promise<string> {
  const { signal } = new AbortController();
  const server = createServer((_request, response) => {
    void sendEvents({ values, eventId: () => undefined, signal }, () => response.writeHead(200));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on a port
  return `http://127.0.0.1:${port}`;
}

it("answers a reader once the stream has begun, however long that takes: what the reader does then is shown", async () => {
  const begun = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  async function* values() {
    await done.promise;
    yield { text: "done" };
  }
  let isAnswered = false;
  const answer = fetch(await serve(Object.assign(values(), { begun: begun.promise }))).finally(() => {
    isAnswered = true;
  });
  await sleep(300);
  expect(isAnswered).toBe(false);
  begun.resolve();
  const { body } = await answer;
  done.resolve();
  expect(await new Response(body).text()).toContain('data: {"text":"done"}');
});
