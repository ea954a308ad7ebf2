import { describe, expect, it } from "vitest";
import { createMessageReader, encodeMessage } from "./message-lines.ts";

describe("message lines", () => {
  it("carry a long text in parts that no reader cuts", () => {
    const text = "x😀é".repeat(60_000);
    const lines = encodeMessage(text).split("\n").slice(0, -1);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(65_536);
    const read = createMessageReader();
    const seen = lines.map((line) => read(line));
    expect(seen.at(-1)).toEqual({ text });
    expect(new Set(seen.slice(0, -1))).toEqual(new Set(["part"]));
  });

  it("leave other output alone, also between parts", () => {
    const read = createMessageReader();
    expect(
      ["\u0001causeway+a", "hello", "\u0001causeway:b", "\u0001causeway:c"].map((line) => read(line)),
    ).toEqual(["part", undefined, { text: "ab" }, { text: "c" }]);
  });
});
