import { describe, expect, it } from "vitest";
import { areInEachOther, artifactFilePath, foldersAbove, normalArtifactPath } from "./artifact-path.ts";

const refused = expect.objectContaining({ code: "INVALID_FIELD", field: "path" });

describe("a path that could lead out of its owner is refused", () => {
  it.each([
    ["upwards", "../secret"],
    ["upwards in the middle", "a/../../secret"],
    ["upwards at the end", "a/.."],
    ["encoded", "%2e%2e/secret"],
    ["with an encoded slash", "a/..%2f..%2fsecret"],
    ["encoded twice", "%252e%252e%252fsecret"],
    ["encoded seven times", "%252525252525252e%252525252525252e/secret"],
    ["encoded too often to be meant", `%${"25".repeat(12)}2e`],
    ["absolute", "/etc/passwd"],
    ["absolute, encoded", "%2Fetc/passwd"],
    ["absolute on Windows", "C:/windows"],
    ["a file's address", "file:///etc/passwd"],
    ["with a backslash", "..\\secret"],
    ["with an encoded backslash", "a%5c..%5csecret"],
    ["with NUL", "a\0b"],
    ["with encoded NUL", "a%00b"],
    ["with a line break", "a\nb"],
    ["longer than a key", "a/".repeat(1200)],
  ])("%s", (_what, path) => {
    expect(() => normalArtifactPath(path)).toThrow(refused);
  });
});

it("keeps other names as they are, whatever they look like", () => {
  for (const path of ["a b/ü.txt", "..a/b..", "100%", "%zz", "%ff/x", "a;b", "...", "a%20b"])
    expect(normalArtifactPath(path)).toBe(path);
});

it("leaves out what says nothing", () => {
  expect(normalArtifactPath("./a//b/./c/")).toBe("a/b/c");
  expect(normalArtifactPath("")).toBe("");
});

it("takes no folder for a file", () => {
  for (const path of ["", "a/", "."]) expect(() => artifactFilePath(path)).toThrow(refused);
  expect(artifactFilePath("a//b")).toBe("a/b");
});

it("knows folders above a path, and paths that cannot both be files", () => {
  expect(foldersAbove("a/b/c.txt")).toEqual(["a", "a/b"]);
  expect(foldersAbove("a")).toEqual([]);
  expect(areInEachOther("a/b", "a")).toBe(true);
  expect(areInEachOther("a", "a/b/c")).toBe(true);
  expect(areInEachOther("a", "ab")).toBe(false);
});
