import { mkdirSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** A folder for files on their way. */
export type ScratchFolder = { newFile(): string; close(): Promise<void> };

/**
 * A folder below `parent` that lives as long as this process; those of processes that are dead, which were killed in the middle, are
 * removed first. The machine's name stands in its name, because containers may share a folder but no process numbers.
 */
export async function openScratchFolder(
  parent: string,
  { pid, newId }: { pid: number; newId: () => string },
): Promise<ScratchFolder> {
  const ofThisMachine = `causeway-import-${hostname()}-`;
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(ofThisMachine)) continue;
    const owner = Number(/^\d+/.exec(name.slice(ofThisMachine.length))?.[0]);
    // This process has no folder yet: one with its number is of a dead one that had the number before.
    if (owner !== pid && isAlive(owner)) continue;
    // Another person's folder cannot be removed, which is no reason not to import.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
  const folder = join(parent, `${ofThisMachine}${pid}-${newId()}`);
  mkdirSync(folder, { mode: 0o700 });
  let files = 0;
  return {
    newFile() {
      files += 1;
      return join(folder, String(files));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
