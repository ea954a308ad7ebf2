import { existsSync, statSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ClusterPlace } from "./cluster-place.ts";
import { PORT } from "./server-settings.ts";

/** Linux takes 107 bytes for the path of a socket; drivers and tools differ in how they count. */
const LONGEST_PATH_BYTES = 100;

const TEMPORARY = "/tmp";
const PREFIX = "causeway-socket-";

/** The socket's file name, fixed by PostgreSQL. */
export const SOCKET = `.s.PGSQL.${PORT}`;

/**
 * The private folder for the server's socket: the cluster's home, or one under /tmp where that path is too long. The one
 * that a killed server used is used again, so that its address still leads to the database.
 */
export async function claimSocketFolder(
  { home, account }: ClusterPlace,
  recorded: string | undefined,
): Promise<string> {
  if (Buffer.byteLength(join(home, SOCKET)) <= LONGEST_PATH_BYTES) return home;
  const uid = account?.uid ?? process.getuid?.();
  if (recorded !== undefined && isTemporary(recorded) && isPrivate(recorded, uid)) return recorded;
  const folder = await mkdtemp(join(TEMPORARY, PREFIX)); // mode 0700
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  return folder;
}

/** Where the socket of a running server is: its folder may have moved with the data folder since the start. */
export function findSocketFolder(home: string, recorded: string): string {
  return existsSync(join(home, SOCKET)) ? home : recorded;
}

/** Removes a socket folder that was made under /tmp; any other stays. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (isTemporary(folder)) await rm(folder, { recursive: true, force: true });
}

function isTemporary(folder: string): boolean {
  return dirname(folder) === TEMPORARY && basename(folder).startsWith(PREFIX);
}

/** After a restart of the machine, anyone may have made a folder of that name. */
function isPrivate(folder: string, uid: number | undefined): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === uid && (stats.mode & 0o077) === 0;
}
