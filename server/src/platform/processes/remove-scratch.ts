import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Removes the scratch folders that earlier claims of a piece of work left when their worker died. */
export async function removeEarlierScratch(
  dataDir: string,
  work: { readonly id: string; readonly fencing: number },
): Promise<void> {
  const scratch = join(dataDir, "scratch");
  const names = await readdir(scratch).catch(() => []);
  const earlier = names.filter((name) => {
    const [id, fencing] = name.split(".");
    return id === work.id && Number(fencing) < work.fencing;
  });
  await Promise.all(earlier.map((name) => rm(join(scratch, name), { recursive: true, force: true })));
}
