import { openAsBlob } from "node:fs";
import { fail } from "@causeway/contract";
import type { OpenFile } from "./source.ts";

/** Opens a file of this machine where it lies. */
export async function openLocalFile(path: string): Promise<OpenFile> {
  const blob = await openAsBlob(path).catch((cause: Error) => {
    throw fail("BAD_DATA", {
      message: `${path} cannot be read: ${cause.message}`,
      field: "source",
      value: path,
      help: "Make it readable for you, then import again.",
      cause,
    });
  });
  return { blob, digest: null, close: async () => {} };
}
