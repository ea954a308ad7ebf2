import { randomBytes, randomUUID } from "node:crypto";
import { link, open, readFile, rm } from "node:fs/promises";
import { fail } from "@causeway/contract";
import { KEY_BYTES } from "./seal.ts";

/**
 * Reads the key of a data folder, making it on first use (mode 0600, on the disk before anything is sealed with it). The
 * file comes into being whole: of two programs that start at once, both read the same key.
 */
export async function ensureKeyFile(file: string): Promise<Buffer> {
  const found = await readKey(file);
  if (found !== undefined) return found;
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(`${randomBytes(KEY_BYTES).toString("base64")}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKey(file);
  if (made === undefined) throw broken(file);
  return made;
}

async function readKey(file: string): Promise<Buffer | undefined> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text.trim(), "base64");
  if (key.byteLength !== KEY_BYTES) throw broken(file);
  return key;
}

function broken(file: string): Error {
  return fail("SECRET_UNREADABLE", {
    message: `${file} holds no key of ${KEY_BYTES} bytes`,
    field: "secret-key",
    help: "Put the file back from a backup of the data folder. Without it, remove the file and set every secret again.",
  });
}
