import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";

it("makes a folder and those above it, for their owner alone, and is content with one that stands", async () => {
  const root = mkdtempSync(join(tmpdir(), "causeway-folder-"));
  const path = join(root, "a", "b");
  await makeFolder(path);
  await makeFolder(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  rmSync(root, { recursive: true });
});

it("refuses at once where nothing can be made", async () => {
  await expect(makeFolder("/proc/causeway/a")).rejects.toMatchObject({ code: "ENOENT" });
});
