import { files } from "./files.ts";
import type { SpareOrder } from "./spare-order.ts";

const STDIN = 0;

/**
 * Waits, without an event loop, for the line that tells a process that was started ahead what it is for, and makes the
 * process what it would have been started as; `variables` are the process's own. Undefined when the worker is gone or has no use for it.
 */
export function awaitOrder(variables: NodeJS.ProcessEnv): SpareOrder | undefined {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(65_536);
  for (let isWhole = false; !isWhole; ) {
    const length = readSome(chunk);
    if (length === 0) return undefined;
    chunks.push(Buffer.from(chunk.subarray(0, length)));
    isWhole = chunk[length - 1] === 0x0a;
  }
  const order = JSON.parse(Buffer.concat(chunks).toString()) as SpareOrder; // written by the worker
  for (const name of Object.keys(variables)) delete variables[name];
  Object.assign(variables, order.variables);
  process.chdir(order.folder);
  return order;
}

function readSome(chunk: Buffer): number {
  for (;;) {
    try {
      return files.readSync(STDIN, chunk);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
