import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { CausewayError, fail } from "@causeway/contract";
import { createStallWatch, Passing, type Patience, patiently, reasonOf } from "./patience.ts";

/** A file to be fetched. */
export type Download = {
  /** Asks for it once; the headers may want only the rest of it. Throws `Passing` where another try may help. */
  ask: (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;
  /** Where its bytes go. */
  to: string;
  /** As the source lists it; null where the list does not say. */
  bytes: number | null;
  patience: Patience;
};

/** How far a download has come; `tag` names the very bytes that began it, so that the rest of others is never joined to them. */
type Progress = {
  at: number;
  furthest: number;
  tag: string | undefined;
  hash: ReturnType<typeof createHash>;
};

/**
 * Fetches a file piece by piece, so that its size costs no memory. What broke off goes on from there where the server can (RFC 9110,
 * If-Range), and begins anew where it cannot. Fewer bytes than were promised are a broken transfer, never a file.
 */
export async function download({ ask, to, bytes, patience }: Download): Promise<{ digest: string }> {
  const handle = await open(to, "w").catch((cause) => Promise.reject(unwritable(to, cause)));
  const progress: Progress = { at: 0, furthest: 0, tag: undefined, hash: createHash("sha256") };
  try {
    await patiently(patience, () => attempt({ ask, to, bytes, patience }, handle, progress));
  } finally {
    await handle.close();
  }
  return { digest: progress.hash.digest("hex") };
}

async function attempt(
  { ask, to, bytes, patience }: Download,
  handle: FileHandle,
  progress: Progress,
): Promise<void> {
  const watch = createStallWatch();
  const before = progress.furthest;
  try {
    watch.allow(patience.answerMs);
    const response = await ask(wanted(progress), watch.signal);
    const promised = await begin(response, handle, progress);
    watch.allow(patience.stallMs);
    for await (const piece of response.body ?? []) {
      await write(handle, piece, progress.at).catch((cause) => Promise.reject(unwritable(to, cause)));
      progress.hash.update(piece);
      progress.at += piece.length;
      progress.furthest = Math.max(progress.furthest, progress.at);
      watch.allow(patience.stallMs);
    }
    const whole = Math.max(promised ?? 0, bytes ?? 0);
    if (progress.at >= whole) return;
    // The answer ended, so its server believes that this is all: the rest cannot be asked for.
    progress.tag = undefined;
    throw new Passing(`it ended after ${progress.at} of ${whole} bytes`);
  } catch (error) {
    if (error instanceof CausewayError || error instanceof Passing) throw error;
    throw new Passing(`it broke off after ${progress.at} bytes: ${reasonOf(error)}`, {
      further: progress.furthest > before,
      cause: error,
    });
  } finally {
    watch.end();
  }
}

/** Asks for the bytes as they are, so that their number can be compared, and for the rest only where the beginning is known. */
function wanted({ at, tag }: Progress): Record<string, string> {
  const plain = { "accept-encoding": "identity" };
  return at > 0 && tag !== undefined ? { ...plain, range: `bytes=${at}-`, "if-range": tag } : plain;
}

/** Goes on where the answer is the rest, else begins anew; gives the bytes of the whole file where the server says them. */
async function begin(
  response: Response,
  handle: FileHandle,
  progress: Progress,
): Promise<number | undefined> {
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "");
  if (response.status === 206 && range !== null && Number(range[1]) === progress.at) return Number(range[2]);
  progress.at = 0;
  progress.hash = createHash("sha256");
  const isCoded = !["", "identity"].includes(response.headers.get("content-encoding") ?? "");
  const tag = response.headers.get("etag") ?? "";
  // A weak tag says that the meaning is the same, not that the bytes are.
  progress.tag = /^"/.test(tag) && !isCoded ? tag : undefined;
  await handle.truncate(0);
  if (response.status === 206) throw new Passing("it came from the wrong place");
  const length = response.headers.get("content-length");
  return length === null || isCoded ? undefined : Number(length);
}

async function write(handle: FileHandle, piece: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < piece.length; ) {
    const { bytesWritten } = await handle.write(piece, done, piece.length - done, at + done);
    done += bytesWritten;
  }
}

function unwritable(path: string, cause: NodeJS.ErrnoException): CausewayError {
  return fail(cause.code === "ENOSPC" || cause.code === "EDQUOT" ? "DISK_FULL" : "INTERNAL", {
    message: `a file on its way cannot be kept at ${path}: ${cause.message}`,
    help: "Make room there, or name another folder for such files in TMPDIR. Then import again: it goes on where it stopped.",
    cause,
  });
}
