import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { dataOf } from "./create-cluster.ts";
import { readPostmaster, servesDirectory } from "./postmaster.ts";
import { removeSocketFolder } from "./socket-folder.ts";
import { stopServer } from "./start-server.ts";

const STOP_WITHIN_MS = 6_000;

/** Ends the server that a killed program left running on a data folder; false when none runs. Starts and makes nothing. */
export async function stopEmbedded({
  dataDir,
  withinMs = STOP_WITHIN_MS,
}: {
  dataDir: string;
  withinMs?: number;
}): Promise<boolean> {
  const pointer = join(dataDir, "postgres");
  if (!existsSync(pointer)) return false;
  const data = dataOf({ home: realpathSync(pointer) });
  const postmaster = readPostmaster(data);
  if (postmaster === undefined || !servesDirectory(postmaster.pid, data)) return false;
  await stopServer(postmaster.pid, withinMs);
  await removeSocketFolder(postmaster.socketFolder);
  return true;
}
