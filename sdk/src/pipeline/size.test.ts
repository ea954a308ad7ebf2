import { describe, expect, it } from "vitest";
import { parseDuration, parseSize } from "./size.ts";

describe("sizes and lengths of time", () => {
  it.each([
    ["2 GiB", 2 * 2 ** 30],
    ["500MB", 500e6],
    ["1.5 KiB", 1536],
    ["10 B", 10],
  ])("reads %s", (text, bytes) => {
    expect(parseSize(text, "disk")).toBe(bytes);
  });

  it.each([
    ["30 min", 1_800_000],
    ["2h", 7_200_000],
    ["500 ms", 500],
    ["1 d", 86_400_000],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text, "timeout")).toBe(ms);
  });

  it.each(["2 gb", "GiB", "2", "-1 GiB", "0 B", "1e400 B"])(
    "refuses %s and names its place and the units",
    (text) => {
      expect(() => parseSize(text, "train.resources.disk")).toThrow(`train.resources.disk is "${text}"`);
    },
  );
});
