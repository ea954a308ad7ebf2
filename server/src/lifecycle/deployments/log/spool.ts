import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const CLOSED = ".closed.jsonl";
const OPEN = ".jsonl";

/** A file of a gateway's spool: JSON lines of logged predictions, named for the first id in it. */
export interface SpoolSegment {
  readonly gateway: string;
  /** UUIDv7 of the request that began the file. */
  readonly segment: string;
  /** Nothing is written to a closed one any more. */
  readonly closed: boolean;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** Names a segment among those of all gateways. */
export interface SegmentName {
  readonly gateway: string;
  readonly segment: string;
}

/** The segments of every gateway; one that vanishes or is closed while it is listed is found under its newer name or not. */
export async function listSpool(dataDir: string): Promise<SpoolSegment[]> {
  const spool = join(dataDir, "spool");
  const found: SpoolSegment[] = [];
  for (const gateway of await namesIn(spool)) {
    for (const file of await namesIn(join(spool, gateway))) {
      const closed = file.endsWith(CLOSED);
      if (!closed && !file.endsWith(OPEN)) continue;
      const path = join(spool, gateway, file);
      const stats = await unlessGone(stat(path));
      if (stats === undefined) continue;
      const segment = file.slice(0, -(closed ? CLOSED : OPEN).length);
      found.push({ gateway, segment, closed, path, bytes: stats.size, modifiedAt: stats.mtime });
    }
  }
  return found;
}

/** Where a closed segment lies. */
export function closedSegmentPath(dataDir: string, { gateway, segment }: SegmentName): string {
  return join(dataDir, "spool", gateway, segment + CLOSED);
}

/** Removes a closed segment whose rows are kept elsewhere. */
export async function removeSegment(dataDir: string, name: SegmentName): Promise<void> {
  await rm(closedSegmentPath(dataDir, name), { force: true });
}

async function namesIn(folder: string): Promise<string[]> {
  return (await unlessGone(readdir(folder))) ?? [];
}

async function unlessGone<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
