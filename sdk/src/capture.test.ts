import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { capture, captureHardware, captureLock } from "./capture.ts";
import { captureCode, withoutCredentials } from "./capture-code.ts";

const folder = mkdtempSync(join(tmpdir(), "causeway-capture-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function repository(name: string) {
  const root = join(folder, name);
  mkdirSync(root);
  const git = (...args: string[]) =>
    execFileSync("git", [
      "-C",
      root,
      "-c",
      "user.name=t",
      "-c",
      "user.email=t@example.com",
      ...args,
    ]).toString();
  git("init", "--quiet", "--initial-branch=main");
  return { root, git };
}

describe("captureCode", () => {
  it("E4/git E4/diff tells commit, branch, remote and everything uncommitted, and changes nothing", async () => {
    const { root, git } = repository("dirty");
    writeFileSync(join(root, "train.py"), "a = 1\n");
    writeFileSync(join(root, ".gitignore"), "secret\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
    git("remote", "add", "origin", "https://me:token@example.com/team/churn.git");
    writeFileSync(join(root, "train.py"), "a = 2\n");
    writeFileSync(join(root, "new.py"), "b = 1\n");
    writeFileSync(join(root, "secret"), "no\n");
    writeFileSync(join(root, "big.csv"), "x".repeat(2_000_000));
    const before = git("status", "--porcelain");
    const objects = () => readdirSync(join(root, ".git/objects"), { recursive: true }).length;
    const stored = objects();
    const code = await captureCode(join(root));
    expect(code).toMatchObject({
      commit: git("rev-parse", "HEAD").trim(),
      branch: "main",
      repository: "https://example.com/team/churn.git",
    });
    expect(code?.diff).toContain("-a = 1\n+a = 2");
    expect(code?.diff).toContain("+b = 1");
    expect(code?.diff).not.toContain("secret");
    expect(code?.diff).toContain("# left out: big.csv (2000000 bytes)");
    expect(git("status", "--porcelain")).toBe(before);
    expect(objects()).toBe(stored);
  });

  it("gives a difference that applies", async () => {
    const { root, git } = repository("applies");
    writeFileSync(join(root, "a.txt"), "one\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
    writeFileSync(join(root, "a.txt"), "two\n");
    writeFileSync(join(root, "picture"), Buffer.from([0, 1, 2, 255, 0]));
    const code = await captureCode(root);
    git("checkout", "--quiet", ".");
    rmSync(join(root, "picture"));
    execFileSync("git", ["-C", root, "apply"], { input: code?.diff ?? "" });
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("two\n");
    expect([...readFileSync(join(root, "picture"))]).toEqual([0, 1, 2, 255, 0]);
  });

  it("has no difference where all is committed, and no commit where there is none", async () => {
    const { root, git } = repository("young");
    writeFileSync(join(root, "a.txt"), "one\n");
    const young = await captureCode(root);
    expect(young?.commit).toBe(null);
    expect(young?.diff).toContain("+one");
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
    expect((await captureCode(root))?.diff).toBe(null);
  });

  it("is null outside of a repository", async () => {
    const bare = join(folder, "plain");
    mkdirSync(bare);
    expect(await captureCode(bare)).toBe(null);
  });
});

it("keeps credentials out of addresses", () => {
  expect(withoutCredentials("https://ghp_x@github.com/a/b")).toBe("https://github.com/a/b");
  expect(withoutCredentials("git@github.com:a/b.git")).toBe("git@github.com:a/b.git");
});

it("E4/lock is the digest of the nearest lock, upwards", async () => {
  const root = join(folder, "locked", "deep");
  mkdirSync(root, { recursive: true });
  writeFileSync(join(folder, "locked", "package-lock.json"), "{}");
  expect(await captureLock(root)).toEqual({
    kind: "npm",
    digest: createHash("sha256").update("{}").digest("hex"),
  });
});

it("E4/hardware E4/seeds E4/config tell of the machine and what was given", async () => {
  const hardware = await captureHardware();
  expect(hardware.cores).toBeGreaterThan(0);
  expect(hardware.memoryBytes).toBeGreaterThan(2 ** 28);
  const { record } = await capture(folder, { config: { depth: 3 }, seeds: { split: 7 } });
  expect(record).toMatchObject({
    config: { depth: 3 },
    seeds: { split: 7 },
    runtime: `node ${process.versions.node}`,
  });
});
