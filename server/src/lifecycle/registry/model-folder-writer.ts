import { copyFile, link, mkdir } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { fail } from "@causeway/contract";

/** A file of a version: its path within the version's folder, and where its bytes are. */
export type FolderFile = { readonly path: string; readonly from: string };

/** Lays the files of a version into a new folder under their own names, as links where the file system can. */
export async function layModelFolder(folder: string, files: readonly FolderFile[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { path, from } of files) {
    const target = join(folder, path);
    if (!target.startsWith(`${folder}${sep}`)) throw outside(path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await link(from, target).catch(() => copyFile(from, target));
  }
}

function outside(path: string): Error {
  return fail("BAD_MODEL", {
    message: `The version names a file outside of its own folder: ${path}`,
    field: "files",
    value: path,
    help: "Register the model's folder again.",
  });
}
