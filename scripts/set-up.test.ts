import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { coversLock, root, run, sourceDigest, variablesForNpm } from "./set-up.js";

describe("coversLock", () => {
  const lock = {
    packages: {
      "": { version: "1.0.0" },
      contract: { version: "0.1.0" },
      "node_modules/@causeway/contract": { link: true },
      "node_modules/zod": { version: "4.6.7", integrity: "sha512-a" },
      "node_modules/only-for-windows": { version: "1.0.0", optional: true },
    },
  };
  const installed = {
    packages: {
      "node_modules/@causeway/contract": { link: true },
      "node_modules/zod": { version: "4.6.7", integrity: "sha512-a" },
    },
  };

  it("accepts an installation that lacks only what is for other machines", () => {
    expect(coversLock(lock, installed)).toBe(true);
  });

  it.each([
    ["a package is missing", { "node_modules/@causeway/contract": { link: true } }],
    [
      "a package has another version",
      { ...installed.packages, "node_modules/zod": { version: "4.6.6", integrity: "sha512-a" } },
    ],
    [
      "a package has other bytes",
      { ...installed.packages, "node_modules/zod": { version: "4.6.7", integrity: "sha512-b" } },
    ],
    ["a workspace is not linked", { "node_modules/zod": installed.packages["node_modules/zod"] }],
  ])("asks for an installation when %s", (_, packages) => {
    expect(coversLock(lock, { packages })).toBe(false);
  });
});

describe("with a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "causeway-set-up-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("changes the digest of sources with a byte or a name, and not with a test", () => {
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src", "page.ts"), "a");
    const before = sourceDigest(folder, ["src"]);
    writeFileSync(join(folder, "src", "page.test.ts"), "a test");
    expect(sourceDigest(folder, ["src", "absent"])).toBe(before);
    writeFileSync(join(folder, "src", "page.ts"), "b");
    expect(sourceDigest(folder, ["src"])).not.toBe(before);
  });

  it("passes a signal on and gives the exit code that the child chose", async () => {
    const script = join(folder, "child.mjs");
    writeFileSync(
      script,
      `process.on("SIGTERM", () => setTimeout(() => process.exit(7), 50));
       setInterval(() => {}, 1000);
       process.kill(process.ppid, "SIGTERM");`,
    );
    expect(await run(process.execPath, [script], { stdio: "ignore" })).toBe(7);
  });

  it("gives 128 and the number of the signal that killed the child", async () => {
    expect(await run("sh", ["-c", "kill -9 $$"], { stdio: "ignore" })).toBe(137);
  });
});

it("keeps programs of node_modules out of npm's path, and the asked-for JSON out of its output", () => {
  const PATH = [join(root, "node_modules", ".bin"), "/usr/bin"].join(delimiter);
  expect(variablesForNpm({ PATH, HOME: "/home/a", npm_config_json: "true" })).toEqual({
    PATH: "/usr/bin",
    HOME: "/home/a",
  });
});
