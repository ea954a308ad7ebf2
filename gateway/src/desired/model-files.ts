import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, link, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { type DesiredDeployment, type DesiredState, fail } from "@causeway/contract";
import { runtimeOf } from "../runtimes/index.ts";
import type { Control } from "./control.ts";

/** What the folder of a version begins with, beside the files that are called by their digest. */
const FOLDER = "folder-";

export type ModelFiles = {
  /** Path of the deployment's model file, or of the folder of its files, each verified by its sha256. */
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

  /** The files of a version under their own names, as links to the verified ones; written last, its name is the version's digest. */
  async function layFolder({ digest, files }: DesiredDeployment): Promise<string> {
    const laid = join(folder, `${FOLDER}${digest}`);
    const paths = await Promise.all(files.map((file) => arrive(file.digest)));
    // Laid as a whole, and named for its content: what serves from it already is not disturbed.
    if (await isThere(laid)) return laid;
    const part = join(folder, `arriving-${FOLDER}${digest}`);
    await rm(part, { recursive: true, force: true });
    for (const [index, { path }] of files.entries()) {
      const target = join(part, path);
      if (!target.startsWith(`${part}${sep}`)) throw outside(path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await link(paths[index] ?? "", target);
    }
    await rename(part, laid);
    return laid;
  }

  return {
    async fetch(desired) {
      const runtime = runtimeOf(desired.format);
      if (runtime.holds === "folder") return layFolder(desired);
      const { extension } = runtime;
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
      const used = new Set(
        state.deployments.flatMap(({ digest, files }) => [
          `${FOLDER}${digest}`,
          ...files.map((file) => file.digest),
        ]),
      );
      const names = await readdir(folder).catch(() => []);
      for (const name of names) {
        if (used.has(name) || name.startsWith("arriving-")) continue;
        verified.delete(name);
        await rm(join(folder, name), { recursive: true, force: true });
      }
    },
  };
}

function outside(path: string) {
  return fail("BAD_MODEL", {
    message: `the version names a file outside of its own folder: ${path}`,
    field: "files",
    value: path,
    help: "register the model's folder again",
  });
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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
