import { fail } from "@causeway/contract";
import { ensurePrivateFile } from "../data-folder/index.ts";
import { newSecret, type SECRET_PREFIXES } from "./secret.ts";

const SHORTEST_SECRET = 20;

/** Reads the secret of a file, making both on a fresh data folder, before anybody is told. */
export async function ensureCredentialFile(
  file: string,
  kind: keyof typeof SECRET_PREFIXES,
): Promise<string> {
  const secret = await ensurePrivateFile(file, () => newSecret(kind));
  if (secret.length >= SHORTEST_SECRET) return secret;
  throw fail("CONFIG_INVALID", {
    message: `${file} holds no token`,
    value: file,
    help: "Remove the file; a new token is made at the next start.",
  });
}
