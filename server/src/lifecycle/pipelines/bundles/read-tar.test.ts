import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { readTar } from "./read-tar.ts";

const root = mkdtempSync(join(tmpdir(), "causeway-tar-"));
afterAll(() => rmSync(root, { recursive: true }));

function tar(...args: string[]): Buffer {
  const archive = join(root, "archive.tgz");
  execFileSync("tar", ["-czf", archive, ...args], { cwd: root });
  return readFileSync(archive);
}

describe("readTar", () => {
  it("reads files with their paths, long ones too", async () => {
    const deep = "folder/".repeat(20).slice(0, -1);
    mkdirSync(join(root, deep), { recursive: true });
    writeFileSync(join(root, deep, "deep.py"), "deep\n");
    writeFileSync(join(root, "pipeline.mjs"), "x".repeat(1_000));
    const files = await readTar(tar("--format=ustar", "pipeline.mjs", `${deep}/deep.py`));
    expect(files.map(({ path, bytes }) => [path, bytes.length])).toEqual([
      ["pipeline.mjs", 1_000],
      [`${deep}/deep.py`, 5],
    ]);
  });

  it("refuses what is no archive, what is torn, and what is empty", async () => {
    await expect(readTar(Buffer.from("noise"))).rejects.toMatchObject({ code: "BAD_PIPELINE" });
    await expect(readTar(gzipSync(Buffer.alloc(1024)))).rejects.toMatchObject({ message: /torn/ });
    writeFileSync(join(root, "big"), "y".repeat(4_000));
    const whole = tar("big");
    await expect(readTar(whole.subarray(0, whole.length - 40))).rejects.toMatchObject({
      code: "BAD_PIPELINE",
    });
  });

  it("refuses a path that leads out of the bundle, and a link", async () => {
    writeFileSync(join(root, "plain"), "z");
    const outside = tar("--transform=s|plain|../../outside|", "-P", "plain");
    await expect(readTar(outside)).rejects.toMatchObject({ code: "BAD_PIPELINE", value: "../../outside" });
    symlinkSync("/etc/passwd", join(root, "link"));
    await expect(readTar(tar("link"))).rejects.toMatchObject({ code: "BAD_PIPELINE", value: "link" });
  });
});
