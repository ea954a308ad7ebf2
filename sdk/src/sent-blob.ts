import type { RequestBody } from "./request.ts";

/** In Node the blob is sent as a stream that counts; browsers cannot send streams over HTTP/1.1, so there it goes whole. */
export function counted(blob: Blob, onBytes: (done: number) => void): RequestBody {
  if (typeof process === "undefined") return blob;
  let done = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      done += chunk.byteLength;
      onBytes(done);
      controller.enqueue(chunk);
    },
  });
  return blob.stream().pipeThrough(counter);
}
