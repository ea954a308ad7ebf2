import { randomUUID } from "node:crypto";
import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@causeway/contract";
import { z } from "zod";
import { isRunning, ownIdentity } from "./process-identity.ts";

const Holder = z.object({ pid: z.int(), startedAt: z.string().nullable(), url: z.string().nullable() });
type Holder = z.infer<typeof Holder>;

/** A data folder that this process alone serves. */
export type HeldFolder = {
  /** Tells those who come later where this process answers. */
  readonly announce: (url: string) => Promise<void>;
  readonly release: () => Promise<void>;
};

const LOCK = "control.lock";
const TRIES = 5;
const SETTLE_MS = 25;

/** Makes the folder if need be, for its owner's eyes only, and makes sure that it can be written. */
export async function prepareDataFolder(dataDir: string): Promise<string> {
  const folder = resolve(dataDir);
  const probe = join(folder, `.probe-${randomUUID()}`);
  try {
    await makeFolder(folder);
    await writeFile(probe, "");
  } catch (cause) {
    throw unwritable(folder, cause);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
  return folder;
}

/**
 * Makes a folder and those above it. Node's own `recursive` never ends where a folder cannot have children (`/proc/x`):
 * it takes the system's answer for a missing parent.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    // A umask may have taken bits away from the owner.
    await chmod(folder, 0o700);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    const parent = dirname(folder);
    if (code !== "ENOENT" || parent === folder || (await isThere(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(folder);
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Takes the folder for this process, or says who has it. A holder that was killed holds nothing. */
export async function holdDataFolder(folder: string): Promise<HeldFolder> {
  const lock = join(folder, LOCK);
  const identity = { ...ownIdentity(), nonce: randomUUID() };
  const mine = (url: string | null) => `${JSON.stringify({ ...identity, url })}\n`;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    if ((await placeWhole(lock, mine(null))) && (attempt === 1 || (await stays(lock, mine(null))))) {
      return held(lock, mine);
    }
    const found = await readHolder(lock);
    if (found === undefined) continue;
    if (found.holder !== undefined && isRunning(found.holder)) throw heldBy(folder, found.holder);
    await removeStale(lock, found.text);
  }
  throw fail("DATA_DIR_HELD", {
    message: `The data folder ${folder} is being taken by another process`,
    value: folder,
    help: "Try again, or give another folder by --data-dir.",
  });
}

/** Of several that remove one dead holder's lock, a late one may have moved ours aside for a moment. */
async function stays(lock: string, text: string): Promise<boolean> {
  await sleep(SETTLE_MS);
  return (await readFile(lock, "utf8").catch(() => "")) === text;
}

function held(lock: string, mine: (url: string | null) => string): HeldFolder {
  return {
    announce: async (url) => {
      const draft = `${lock}.${randomUUID()}`;
      await writeFile(draft, mine(url), { mode: 0o600 });
      await rename(draft, lock);
    },
    release: () => rm(lock, { force: true }),
  };
}

/** Puts a file in place with all its content, unless there is one. */
async function placeWhole(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: "wx" });
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(lock: string): Promise<{ text: string; holder: Holder | undefined } | undefined> {
  const text = await readFile(lock, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return { text, holder: Holder.parse(JSON.parse(text)) };
  } catch {
    // Not ours, or cut short: nobody who wrote it can be asked.
    return { text, holder: undefined };
  }
}

/** Takes a dead holder's lock away. Another process may do the same at this moment and have placed its own by now. */
async function removeStale(lock: string, staleText: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
    const taken = await readFile(aside, "utf8");
    if (taken !== staleText) await link(aside, lock).catch(() => undefined);
  } catch {
    // Somebody else took it away first.
  } finally {
    await rm(aside, { force: true });
  }
}

function heldBy(folder: string, { pid, url }: Holder) {
  const where = url === null ? "and is starting" : `and answers at ${url}`;
  return fail("DATA_DIR_HELD", {
    message: `The data folder ${folder} is held by process ${pid}, which runs ${where}`,
    field: "--data-dir",
    value: folder,
    help: `Use the Causeway that runs already, stop it (kill ${pid}), or give another folder: --data-dir <folder>`,
  });
}

function unwritable(folder: string, cause: unknown) {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  if (code === "ENOSPC" || code === "EDQUOT") {
    return fail("DISK_FULL", {
      message: `The disk under ${folder} is full`,
      value: folder,
      help: "Free some space and start again.",
      cause,
    });
  }
  return fail("DATA_DIR_UNWRITABLE", {
    message: `The data folder ${folder} cannot be written (${code})`,
    field: "--data-dir",
    value: folder,
    help: "Give a folder that this account may write by --data-dir, or change the permissions of this one.",
    cause,
  });
}
