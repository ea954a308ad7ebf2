import { randomUUID } from "node:crypto";
import { link, open, readFile, rm } from "node:fs/promises";
import { fail } from "@causeway/contract";
import { newSecret, type SECRET_PREFIXES } from "./secret.ts";

/**
 * Reads the secret of a file, making both on a fresh data folder (mode 0600, on the disk before anybody is told).
 * The file comes into being whole: of two programs that start at once, both read the same secret.
 */
export async function ensureCredentialFile(
  file: string,
  kind: keyof typeof SECRET_PREFIXES,
): Promise<string> {
  const found = await readSecret(file);
  if (found !== undefined) return found;
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(`${newSecret(kind)}\n`);
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
  const made = await readSecret(file);
  if (made === undefined) throw emptied(file);
  return made;
}

async function readSecret(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const secret = text.trim();
  if (secret.length < 20) throw emptied(file);
  return secret;
}

function emptied(file: string) {
  return fail("CONFIG_INVALID", {
    message: `${file} holds no token`,
    value: file,
    help: "Remove the file; a new token is made at the next start.",
  });
}
