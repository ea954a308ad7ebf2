import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { splitLines } from "./split-lines.ts";

async function lines(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  const found: string[] = [];
  for await (const line of splitLines(
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
  )) {
    found.push(line);
  }
  return found;
}

describe("splitLines", () => {
  it.each([
    ["joins what chunks cut", ["a", "b\nc", "\nd"], ["ab", "c", "d"]],
    ["keeps empty lines", ["a\n\nb\n"], ["a", "", "b"]],
    ["knows all line ends, cut between chunks too", ["a\r", "\nb\rc\n"], ["a", "b", "c"]],
    ["gives nothing for nothing", [""], []],
  ])("%s", async (_, chunks, expected) => {
    expect(await lines(...chunks)).toEqual(expected);
  });

  it("keeps a character that two chunks share", async () => {
    const bytes = Buffer.from("é\n");
    expect(await lines(bytes.subarray(0, 1), bytes.subarray(1))).toEqual(["é"]);
  });

  it("cuts a line without end, so that memory stays bounded", async () => {
    const found = await lines("x".repeat(200_000));
    expect(found.join("").length).toBe(200_000);
    expect(Math.max(...found.map((line) => line.length))).toBe(65_536);
  });
});
