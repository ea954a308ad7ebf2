import { describe, expect, it } from "vitest";
import { unreasonedAssertions } from "./type-assertions.ts";

describe("unreasonedAssertions", () => {
  it.each([
    ["a bare assertion", "const a = b as string;", [1]],
    ["an assertion over two lines", "const a = [\n  b,\n] as string[];", [3]],
    ["a comment on the line", "const a = b as string; // b was checked above", []],
    ["a comment above", "// b was checked above\nconst a = b as string;", []],
    ["a comment above the statement", "// known to be two\nconst a = [\n  1,\n  b as number,\n];", []],
    ["as const", "const a = [1] as const;", []],
    ["a renamed import", 'import { a as b } from "c";', []],
    ["words in a text", 'const a = "run as root";', []],
  ])("finds in %s: %j", (_, text, lines) => {
    expect(unreasonedAssertions("a.ts", text)).toEqual(lines);
  });
});
