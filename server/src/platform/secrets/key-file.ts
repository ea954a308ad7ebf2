import { randomBytes } from "node:crypto";
import { fail } from "@causeway/contract";
import { ensurePrivateFile } from "../data-folder/index.ts";
import { KEY_BYTES } from "./seal.ts";

/** Reads the key of a data folder, making it on first use, before anything is sealed with it. */
export async function ensureKeyFile(file: string): Promise<Buffer> {
  const text = await ensurePrivateFile(file, () => randomBytes(KEY_BYTES).toString("base64"));
  const key = Buffer.from(text, "base64");
  if (key.byteLength === KEY_BYTES) return key;
  throw fail("SECRET_UNREADABLE", {
    message: `${file} holds no key of ${KEY_BYTES} bytes`,
    field: "secret-key",
    help: "Put the file back from a backup of the data folder. Without it, remove the file and set every secret again.",
  });
}
