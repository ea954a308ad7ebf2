import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DesiredDeployment } from "@causeway/contract";
import { fail } from "@causeway/contract";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { signature } from "../../testing/signatures.ts";
import type { Control } from "./control.ts";
import { createModelFiles } from "./model-files.ts";

const BYTES = Buffer.from("a model");
const DIGEST = createHash("sha256").update(BYTES).digest("hex");

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "files-"));
});
afterEach(() => rm(root, { recursive: true }));

function desired(paths = ["model.onnx"]): DesiredDeployment {
  return {
    project: "default",
    environment: "dev",
    name: "churn",
    revision: 1,
    model: "churn",
    version: 1,
    digest: DIGEST,
    format: "onnx",
    files: paths.map((path) => ({ path, digest: DIGEST, bytes: BYTES.length })),
    signature: signature([]),
    golden: [],
    pythonEnvironment: null,
    key: null,
    keys: [],
  };
}

/** Control that sends bytes and counts how often. */
function control(bytes: Buffer | null = BYTES) {
  const calls: string[] = [];
  const downloadFile: Control["downloadFile"] = async (digest) => {
    calls.push(digest);
    if (!bytes) throw fail("UNAVAILABLE", { message: "control is away" });
    return new Response(new Uint8Array(bytes)).body ?? new ReadableStream();
  };
  // Only downloads are asked for here.
  return { calls, control: { downloadFile } as Control };
}

const create = (of: Control) =>
  createModelFiles({ folder: join(root, "models"), artifacts: join(root, "artifacts"), control: of });

async function putInStore(bytes: Buffer) {
  const folder = join(root, "artifacts", "sha256", DIGEST.slice(0, 2));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, DIGEST), bytes);
  return join(folder, DIGEST);
}

describe("a model file", () => {
  it("is downloaded once for all that ask at the same time, and kept", async () => {
    const source = control();
    const files = create(source.control);
    const paths = await Promise.all([files.fetch(desired()), files.fetch(desired()), files.fetch(desired())]);
    expect(new Set(paths).size).toBe(1);
    expect(await readFile(paths[0] ?? "")).toEqual(BYTES);
    expect(source.calls).toEqual([DIGEST]);
    const away = control(null);
    expect(await create(away.control).fetch(desired())).toBe(paths[0]);
    expect(away.calls).toEqual([]);
  });

  it("is linked from the data folder's store where that holds it", async () => {
    const stored = await putInStore(BYTES);
    const source = control(null);
    const path = await create(source.control).fetch(desired());
    expect((await stat(path)).ino).toBe((await stat(stored)).ino);
  });

  it("is fetched anew where the kept one has rotted", async () => {
    const source = control();
    const path = await create(source.control).fetch(desired());
    await writeFile(path, "rotten");
    expect(await readFile(await create(source.control).fetch(desired()))).toEqual(BYTES);
  });

  it("is refused where its bytes are not those of its digest, and nothing is left", async () => {
    await expect(create(control(Buffer.from("other")).control).fetch(desired())).rejects.toMatchObject({
      code: "CORRUPT_ARTIFACT",
    });
    expect(await readdir(join(root, "models"))).toEqual([]);
  });

  it("can be tried again after control was away", async () => {
    await expect(create(control(null).control).fetch(desired())).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
    await create(control().control).fetch(desired());
  });

  it("is found among others by its ending", async () => {
    await create(control().control).fetch(desired(["card.md", "model.onnx"]));
    await expect(create(control().control).fetch(desired(["a.onnx", "b.onnx"]))).rejects.toMatchObject({
      code: "BAD_MODEL",
    });
  });

  it("goes when no deployment names it", async () => {
    const files = create(control().control);
    await files.fetch(desired());
    await files.prune({ tag: "1", deployments: [desired()] });
    expect(await readdir(join(root, "models"))).toEqual([DIGEST]);
    await files.prune({ tag: "2", deployments: [] });
    expect(await readdir(join(root, "models"))).toEqual([]);
  });
});
