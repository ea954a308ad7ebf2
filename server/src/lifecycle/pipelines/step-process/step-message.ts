import type { Json } from "@causeway/contract";
import { files } from "./files.ts";

/** One line of a step's standard output that is meant for the platform; everything else is log. */
export type StepMessage =
  | {
      readonly kind: "metrics";
      readonly metrics: Readonly<Record<string, number | string>>;
      readonly step: number;
    }
  | { readonly kind: "params"; readonly params: Readonly<Record<string, string | number | boolean>> }
  /** One line for people about what came out. */
  | { readonly kind: "summary"; readonly text: string }
  /** Handed to the commit of a library step. */
  | { readonly kind: "commit"; readonly payload: Json }
  /** Why it fails, in one line. */
  | { readonly kind: "problem"; readonly message: string };

/** Starts a line that is a message; no program prints it by accident. The Python module writes the same. */
const MARK = "\u0001causeway:";

const STDOUT = 1;

/** Writes a message as a line, at once: a step may end its process in the next moment. */
export function sendStepMessage(message: StepMessage): void {
  let rest = Buffer.from(`${MARK}${JSON.stringify(message)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(files.writeSync(STDOUT, rest));
    } catch (error) {
      // The pipe is full and does not block once something was printed: its reader will make room.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

const KINDS = ["metrics", "params", "summary", "commit", "problem"];

/** Reads a line back; undefined when it is log. A line that carries the mark and is no message is log, too. */
export function decodeStepMessage(line: string): StepMessage | undefined {
  if (!line.startsWith(MARK)) return undefined;
  try {
    const message: unknown = JSON.parse(line.slice(MARK.length));
    const known =
      typeof message === "object" &&
      message !== null &&
      "kind" in message &&
      KINDS.includes(String(message.kind));
    return known ? (message as StepMessage) : undefined; // the fields are checked where they are used
  } catch {
    return undefined;
  }
}
