import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";

const BLOCK_BYTES = 512;

/**
 * Bytes on disk below a folder. Files with more than one name are left out: they are inputs, linked from the artifact
 * store. Files that vanish while being counted count nothing.
 */
export async function folderSize(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) bytes += await folderSize(path);
      else bytes += await fileSize(path);
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  return bytes;
}

async function fileSize(path: string): Promise<number> {
  try {
    const { blocks, nlink } = await lstat(path);
    return nlink > 1 ? 0 : blocks * BLOCK_BYTES;
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EACCES");
}
