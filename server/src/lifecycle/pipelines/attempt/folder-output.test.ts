import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Port } from "@causeway/contract";
import { afterAll, expect, it } from "vitest";
import { keepFolder, mayBeFolder } from "./folder-output.ts";

const root = mkdtempSync("/tmp/causeway-folder-output-");
afterAll(() => rmSync(root, { recursive: true, force: true }));

const artifactOf = (content: Buffer) => ({
  digest: createHash("sha256").update(content).digest("hex"),
  bytes: content.length,
});
const artifacts = {
  writeFile: async (file: string) => artifactOf(readFileSync(file)),
  write: async (source: Readable) => artifactOf(await buffer(source)),
};

let made = 0;
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(++made));
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const MLFLOW: Port = { kind: "model", format: "mlflow" };
const keep = (folder: string, port: Port = MLFLOW) =>
  keepFolder(folder, { place: { name: "model", step: "train", port }, artifacts });

it("P1/python keeps every file of a folder by its digest, in the order of the paths", async () => {
  const { files } = await keep(
    folderOf({ "b/c.txt": "c", MLmodel: "flavors: {}", "a.pkl": "aa", "b.txt": "" }),
  );
  expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ["MLmodel", 11],
    ["a.pkl", 2],
    ["b.txt", 0],
    ["b/c.txt", 1],
  ]);
});

it("P3/hit names a folder by what it holds: the same files are the same, whenever they were written", async () => {
  const one = await keep(folderOf({ MLmodel: "m", "a/b": "x" }));
  const same = await keep(folderOf({ "a/b": "x", MLmodel: "m" }));
  const moved = await keep(folderOf({ MLmodel: "m", "a/c": "x" }));
  const changed = await keep(folderOf({ MLmodel: "m", "a/b": "y" }));
  expect(same.artifact).toEqual(one.artifact);
  expect(new Set([one, moved, changed].map(({ artifact }) => artifact.digest)).size).toBe(3);
});

it("refuses links, which may lead anywhere, and says which", async () => {
  const folder = folderOf({ MLmodel: "m", "data/x": "x" });
  symlinkSync("/etc/hostname", join(folder, "data", "link"));
  await expect(keep(folder)).rejects.toMatchObject({
    code: "STEP_FAILED",
    message: "The output model of train holds data/link, which is not a plain file",
    help: "Copy what a link names into the folder.",
  });
});

it("refuses an empty folder, and one that is declared to be of MLflow and is not", async () => {
  await expect(keep(folderOf({}))).rejects.toThrow("The output model of train is a folder without files");
  await expect(keep(folderOf({ "model.pkl": "x" }))).rejects.toMatchObject({
    message: "The output model of train has no file MLmodel, so it is no model of MLflow",
    help: expect.stringContaining('save_model(model, step.out("model"))'),
  });
  expect((await keep(folderOf({ "model.pkl": "x" }), { kind: "file" })).files).toHaveLength(1);
});

it("refuses more files than a run's record should carry", async () => {
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`f${index}`, ""]));
  await expect(keep(folderOf(many), { kind: "file" })).rejects.toThrow(
    "a folder of 1001 files; at most 1000 are kept",
  );
});

it.each<[Port, boolean]>([
  [{ kind: "file" }, true],
  [{ kind: "model" }, true],
  [{ kind: "model", format: "mlflow" }, true],
  [{ kind: "model", format: "onnx" }, false],
  [{ kind: "report" }, false],
  [{ kind: "table" }, false],
])("knows whether %o may be a folder", (port, may) => {
  expect(mayBeFolder(port)).toBe(may);
});
