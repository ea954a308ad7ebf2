import { randomUUID } from "node:crypto";
import { link, open, readFile, rm } from "node:fs/promises";

/**
 * Reads a file of the owner alone, making it with `content` where there is none (mode 0600, on the disk before anybody is
 * told). The file comes into being whole: of two programs that start at once, both read the same text.
 */
export async function ensurePrivateFile(file: string, content: () => string): Promise<string> {
  const found = await readIfThere(file);
  if (found !== undefined) return found;
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(`${content()}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return (await readIfThere(file)) ?? "";
}

/** The text without the white space around it; undefined where there is no file. */
async function readIfThere(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  return text?.trim();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
