import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UP_FILE, type UpFile } from "@causeway/sdk/discovery";

/** Writes `up.json` whole or not at all. */
export async function writeUpFile(content: UpFile): Promise<void> {
  const file = join(content.dataDir, UP_FILE);
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Takes `up.json` away: nothing runs here any more. */
export async function removeUpFile(dataDir: string): Promise<void> {
  await rm(join(dataDir, UP_FILE), { force: true });
}
