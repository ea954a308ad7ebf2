import { finished, type Readable } from "node:stream";

/** The beginning of a stream; where `ended`, all of it. */
export type Head = { readonly pieces: readonly Buffer[]; readonly ended: boolean };

/** Takes what comes of a stream until more than `limit` bytes have come or it has ended; the rest waits in the stream. */
export function readHead(source: Readable, limit: number, signal?: AbortSignal): Promise<Head> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const forget = finished(source, { writable: false, ...(signal ? { signal } : {}) }, (error) => {
      leave();
      if (error) reject(error);
      else resolve({ pieces, ended: true });
    });
    function leave(): void {
      forget();
      source.off("data", take);
    }
    function take(came: Buffer | string): void {
      const piece = typeof came === "string" ? Buffer.from(came) : came;
      pieces.push(piece);
      bytes += piece.length;
      if (bytes <= limit) return;
      leave();
      source.pause();
      resolve({ pieces, ended: false });
    }
    source.on("data", take);
  });
}
