// Plain JavaScript without packages: it is asked before anything else of the product is loaded, also by the set-up.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * What a bundle of the programs says of itself: its folder's name, and every file that it was made from, as path from the
 * root, size in bytes and time of change in milliseconds.
 * @typedef {{ folder: string, sources: [path: string, bytes: number, changedMs: number][] }} ProgramsManifest
 */

/**
 * Folder of the bundles, below the root of the product.
 * @param {string} root
 */
export const programsFolder = (root) => join(root, "node_modules", ".cache", "causeway", "programs");

/** Name of the manifest that names the current bundle. */
export const MANIFEST = "current.json";

/**
 * The folder of the bundled programs; undefined where there is none, or where a file that it was made from has changed: then
 * the programs run from their sources. Looks at each file, reads none: 3 ms.
 * @param {string} root
 * @returns {string | undefined}
 */
export function builtPrograms(root) {
  const programs = programsFolder(root);
  try {
    /** @type {ProgramsManifest} */
    const { folder, sources } = JSON.parse(readFileSync(join(programs, MANIFEST), "utf8"));
    const isCurrent = sources.every(([path, bytes, changedMs]) => {
      const found = statSync(`${root}/${path}`, { throwIfNoEntry: false });
      return found !== undefined && found.size === bytes && found.mtimeMs === changedMs;
    });
    const built = join(programs, folder);
    return isCurrent && existsSync(built) ? built : undefined;
  } catch {
    // Nothing was built, or what was is not readable: the sources always are.
    return undefined;
  }
}
