import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { splitLines } from "./split-lines.ts";
import { createMessageReader, encodeMessage, type TaskMessage } from "./task-wire.ts";

async function sent(text: string): Promise<unknown[]> {
  const read = createMessageReader();
  const seen: unknown[] = [];
  for await (const line of splitLines(Readable.from([Buffer.from(text)]))) seen.push(read(line));
  return seen;
}

describe("messages of a task", () => {
  it("arrive whole however long they are, with every letter", async () => {
    const message: TaskMessage = { kind: "result", result: { text: "x😀é".repeat(60_000) } };
    const seen = await sent(encodeMessage(message));
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual(message);
    expect(new Set(seen.slice(0, -1))).toEqual(new Set(["part"]));
  });

  it("stand beside what libraries print", async () => {
    const message: TaskMessage = { kind: "result", result: 1 };
    expect(await sent(`hello\n${encodeMessage(message)}{"kind":"result"}\n`)).toEqual([
      undefined,
      message,
      undefined,
    ]);
  });
});
