import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Number of the embedded database's server process, from the first line of its own pid file. */
export async function databaseProcess(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, "postgres", "data", "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  return pid > 0 ? pid : undefined;
}
