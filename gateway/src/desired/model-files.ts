import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type DesiredDeployment, type DesiredState, fail } from "@causeway/contract";
import { runtimeOf } from "../runtimes/index.ts";
import type { Control } from "./control.ts";

export type ModelFiles = {
  /** Path of the deployment's model file, verified by its sha256. */
  fetch(desired: DesiredDeployment): Promise<string>;
  /** Removes the files of no deployment of the state. */
  prune(state: DesiredState): Promise<void>;
};

/**
 * The model files of one gateway, by digest in a folder of its own, so that it serves on when control and its store are away.
 * Where the data folder's store holds the file, it is linked, else downloaded. Each is read through once and compared with
 * its digest before it is used, and again after a restart.
 */
export function createModelFiles(options: {
  folder: string;
  artifacts: string;
  control: Control;
}): ModelFiles {
  const { folder, artifacts, control } = options;
  const verified = new Set<string>();
  const arriving = new Map<string, Promise<string>>();

  /** Deployments of one file wait for one arrival. */
  function arrive(digest: string): Promise<string> {
    const known = arriving.get(digest) ?? fetchFile(digest).finally(() => arriving.delete(digest));
    arriving.set(digest, known);
    return known;
  }

  async function fetchFile(digest: string): Promise<string> {
    const path = join(folder, digest);
    if (verified.has(digest)) return path;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if ((await digestOf(path)) !== digest) {
      const part = join(folder, `arriving-${digest}`);
      await rm(part, { force: true });
      if (!(await linked(join(artifacts, "sha256", digest.slice(0, 2), digest), part))) {
        await download(digest, part);
      }
      const found = await digestOf(part);
      if (found !== digest) {
        await rm(part, { force: true });
        throw fail("CORRUPT_ARTIFACT", {
          message: `the model file ${digest} came with the digest ${found}`,
          field: "digest",
          value: digest,
          help: "check the disk of the artifact store, and register the version again",
        });
      }
      await rename(part, path);
    }
    verified.add(digest);
    return path;
  }

  async function download(digest: string, to: string): Promise<void> {
    const body = await control.downloadFile(digest);
    const file = await open(to, "w", 0o600);
    try {
      for await (const chunk of body) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  return {
    async fetch(desired) {
      const { extension } = runtimeOf(desired.format);
      const named = desired.files.filter((file) => file.path.endsWith(extension));
      const file = desired.files.length === 1 ? desired.files[0] : named[0];
      if (file && (desired.files.length === 1 || named.length === 1)) return arrive(file.digest);
      throw fail("BAD_MODEL", {
        message: `a ${desired.format} model is one ${extension} file; this version has ${desired.files
          .map((known) => known.path)
          .join(", ")}`,
        field: "files",
        help: `register the ${extension} file alone`,
      });
    },
    async prune(state) {
      const used = new Set(state.deployments.flatMap((desired) => desired.files.map((file) => file.digest)));
      const names = await readdir(folder).catch(() => []);
      for (const name of names) {
        if (used.has(name) || name.startsWith("arriving-")) continue;
        verified.delete(name);
        await rm(join(folder, name), { force: true });
      }
    },
  };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch {
    // Not in the store, or the store is on another file system: then it is downloaded.
    return false;
  }
}

/** The sha256 of a file; null where there is none. */
async function digestOf(path: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
  } catch {
    return null;
  }
}
