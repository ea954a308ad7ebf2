import { randomUUID } from "node:crypto";
import { existsSync, lstatSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { chmod, chown, mkdir, open, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "@causeway/contract";
import { z } from "zod";
import { type Account, canEnter, chooseAccount } from "./account.ts";

/** What `cluster.json` says of the folder it lies in. */
const Marker = z.object({
  id: z.string(),
  /** The data folder that this cluster belongs to, as a real path. */
  dataDir: z.string(),
  /** Set once the database inside is complete; a kill before that leaves a draft, which is made anew. */
  complete: z.boolean(),
});
type Marker = z.infer<typeof Marker>;

/** Where one embedded cluster lives and under which account it runs. */
export interface ClusterPlace {
  /** The data folder, as a real path. */
  dataDir: string;
  /** `postgres` in the data folder: the home itself, or a link to it. */
  pointer: string;
  /** The private folder of the cluster: `data/`, the socket and `cluster.json`. */
  home: string;
  account: Account | undefined;
  marker: Marker;
}

/** What decides where a cluster goes. */
export interface PlaceOptions {
  dataDir: string;
  /** Of this process. */
  uid: number;
  /** Where clusters and binaries go that the server's account could not reach otherwise. */
  shared: string;
  newId: () => string;
}

/** Finds the cluster of a data folder, or makes the private folder for a new one. */
export async function placeCluster(options: PlaceOptions): Promise<ClusterPlace> {
  const { dataDir: given, uid } = options;
  await mkdir(given, { recursive: true });
  const dataDir = realpathSync(given);
  const pointer = join(dataDir, "postgres");
  const found = statsOf(pointer);
  if (found === undefined) return makePlace({ ...options, dataDir });

  const home = resolvePointer(pointer, found);
  const owner = statSync(home);
  const account = chooseAccount(uid, owner);
  refuseStranger(uid, owner, home);
  const marker = readMarker(home) ?? (await adoptEmpty(options, home));
  if (account !== undefined) {
    if (owner.uid !== account.uid) await own(home, account);
    refuseUnreachable(home, account);
  }
  return followMove({ dataDir, pointer, home, account, marker });
}

/** Writes down what is known of a cluster, so that it survives a power loss. */
export async function writeMarker(place: ClusterPlace, marker: Marker): Promise<ClusterPlace> {
  const path = join(place.home, "cluster.json");
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(marker, null, 2)}\n`, { mode: 0o600, flush: true });
  if (place.account !== undefined) await own(draft, place.account);
  await rename(draft, path);
  await syncFolder(place.home);
  return { ...place, marker };
}

/** Removes a cluster and its pointer for good. The server must have ended. */
export async function removePlace({ home, pointer }: ClusterPlace): Promise<void> {
  await rm(home, { recursive: true, force: true });
  await rm(pointer, { recursive: true, force: true });
}

/** Makes the entries of a folder (a new name, a rename) survive a power loss. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function makePlace({ dataDir, uid, shared, newId }: PlaceOptions): Promise<ClusterPlace> {
  const account = chooseAccount(uid, undefined);
  const pointer = join(dataDir, "postgres");
  const marker: Marker = { id: newId(), dataDir, complete: false };
  const isReachable = account === undefined || canEnter(account, dataDir);
  const home = isReachable ? pointer : join(shared, marker.id);
  if (!isReachable) {
    await mkdir(shared, { recursive: true });
    await chmod(shared, 0o755);
  }
  await mkdir(home, { mode: 0o700 });
  if (account !== undefined) await own(home, account);
  const place = await writeMarker({ dataDir, pointer, home, account, marker }, marker);
  await syncFolder(dirname(home));
  if (!isReachable) await symlink(home, pointer);
  await syncFolder(dataDir);
  return place;
}

/** An empty folder is as good as none: a kill between making it and marking it, or a mounted volume. */
async function adoptEmpty({ uid, newId }: PlaceOptions, home: string): Promise<Marker> {
  const entries = (await readdir(home)).filter(
    (name) => !name.startsWith("cluster.json.") && name !== "lost+found",
  );
  if (entries.length > 0) {
    throw fail("DATABASE_FOREIGN", {
      message: `${home} is not empty and was not made by Causeway`,
      value: home,
      help: "Give another data folder by --data-dir, or move that folder away.",
    });
  }
  const dataDir = realpathSync(dirname(home));
  await chmod(home, 0o700);
  const marker: Marker = { id: newId(), dataDir, complete: false };
  const account = chooseAccount(uid, undefined);
  await writeMarker({ dataDir, pointer: home, home, account, marker }, marker);
  return marker;
}

/** Reads `cluster.json` of a cluster's home; undefined where there is none. */
export function readMarker(home: string): Marker | undefined {
  const path = join(home, "cluster.json");
  if (!existsSync(path)) return undefined;
  try {
    return Marker.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw fail("DATABASE_FOREIGN", {
      message: `${path} is not what Causeway writes there`,
      value: path,
      help: "Restore the file from a backup of the data folder, or give another folder by --data-dir.",
      cause,
    });
  }
}

function resolvePointer(pointer: string, found: Stats): string {
  if (found.isDirectory()) return pointer;
  if (found.isSymbolicLink() && existsSync(pointer)) return realpathSync(pointer);
  throw fail("DATABASE_FOREIGN", {
    message: found.isSymbolicLink()
      ? `${pointer} points to a database folder that is gone`
      : `${pointer} is a file where the database folder should be`,
    value: pointer,
    help: "Bring that folder back, or remove this entry to begin with an empty database.",
  });
}

function refuseStranger(uid: number, owner: Stats, home: string): void {
  if (uid === 0 || owner.uid === uid) return;
  throw fail("DATABASE_FOREIGN", {
    message: `${home} belongs to another account (number ${owner.uid}; this process is ${uid})`,
    value: home,
    help: "Start as the account that made it, or give another data folder by --data-dir.",
  });
}

function refuseUnreachable(home: string, account: Account): void {
  if (canEnter(account, home)) return;
  throw fail("DATA_DIR_UNWRITABLE", {
    message: `The database runs as account number ${account.uid}, which may no longer enter ${home}`,
    value: home,
    help: `Let others enter the folders above it again (chmod o+x), or start as an ordinary user.`,
  });
}

/** A data folder may be moved; a copy of one must not share the original's cluster. */
async function followMove(place: ClusterPlace): Promise<ClusterPlace> {
  const { dataDir, marker, home } = place;
  if (marker.dataDir === dataDir) return place;
  const original = join(marker.dataDir, "postgres");
  const isShared = statsOf(original) !== undefined && existsSync(original) && realpathSync(original) === home;
  if (isShared) {
    throw fail("DATABASE_FOREIGN", {
      message: `${dataDir} is a copy of ${marker.dataDir}, and its database is still the original's`,
      value: dataDir,
      help: `Use the original, or remove ${place.pointer} to begin with an empty database here.`,
    });
  }
  return writeMarker(place, { ...marker, dataDir });
}

async function own(path: string, account: Account): Promise<void> {
  await chown(path, account.uid, account.gid);
}

/** Of the entry itself, not of what a link points to; undefined where there is none. */
function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
