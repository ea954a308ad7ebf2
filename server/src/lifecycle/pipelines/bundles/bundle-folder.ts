import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fail } from "@causeway/contract";
import type { Artifacts } from "../../../platform/artifacts/index.ts";
import { readTar } from "./read-tar.ts";

/** Unpacks bundles once per data folder; answers the folder of one, read-only. */
export type BundleFolder = (digest: string) => Promise<string>;

/** Makes the unpacker. A folder is complete once it has its name; two that unpack at once agree by the first rename. */
export function createBundleFolder({
  artifacts,
  root,
}: {
  artifacts: Artifacts;
  root: string;
}): BundleFolder {
  const known = new Map<string, Promise<string>>();

  async function unpack(digest: string): Promise<string> {
    const folder = join(root, digest);
    if (await exists(folder)) return folder;
    const files = await readTar(await buffer(artifacts.read(digest)));
    await mkdir(root, { recursive: true, mode: 0o700 });
    const building = await mkdtemp(join(root, "unpacking-"));
    try {
      for (const { path, bytes } of files) {
        await mkdir(dirname(join(building, path)), { recursive: true });
        await writeFile(join(building, path), bytes, { mode: 0o444 });
      }
      await rename(building, folder);
    } catch (cause) {
      if (!(await exists(folder))) {
        throw fail("INTERNAL", {
          message: `The bundle ${digest} cannot be unpacked into ${folder}`,
          value: digest,
          cause,
        });
      }
    } finally {
      await rm(building, { recursive: true, force: true });
    }
    return folder;
  }

  return (digest) => {
    const unpacked = known.get(digest) ?? unpack(digest);
    known.set(digest, unpacked);
    unpacked.catch(() => known.delete(digest));
    return unpacked;
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
