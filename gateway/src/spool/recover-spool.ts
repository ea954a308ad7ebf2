import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CLOSED_END } from "./segment.ts";

const NEWLINE = 0x0a;
const BLOCK_BYTES = 64 * 1024;

export type Recovered = {
  readonly file: string;
  readonly cutBytes: number;
  /** Where the closed file lies; null where nothing was in it. */
  readonly path: string | null;
};

/**
 * Closes what a killed gateway left open: the last line is cut off where it was torn (its answer was never sent), an empty
 * file goes. Returns what was closed.
 */
export async function recoverSpool(folder: string): Promise<Recovered[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const left = (await readdir(folder)).filter(
    (name) => name.endsWith(".jsonl") && !name.endsWith(CLOSED_END),
  );
  const recovered: Recovered[] = [];
  for (const name of left.sort()) {
    const path = join(folder, name);
    const { whole, cutBytes } = await cutTornLine(path);
    const closed = join(folder, name.replace(/\.jsonl$/, CLOSED_END));
    if (whole === 0) await rm(path);
    else await rename(path, closed);
    recovered.push({ file: name, cutBytes, path: whole === 0 ? null : closed });
  }
  return recovered;
}

async function cutTornLine(path: string): Promise<{ whole: number; cutBytes: number }> {
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    let end = size;
    while (end > 0) {
      const from = Math.max(0, end - BLOCK_BYTES);
      const block = Buffer.alloc(end - from);
      await file.read(block, 0, block.length, from);
      const newline = block.lastIndexOf(NEWLINE);
      if (newline >= 0) {
        end = from + newline + 1;
        break;
      }
      end = from;
    }
    if (end < size) await file.truncate(end);
    await file.sync();
    return { whole: end, cutBytes: size - end };
  } finally {
    await file.close();
  }
}
