import type { Json } from "@causeway/contract";
import { createMessageReader, encodeMessage } from "../../../platform/message-lines/index.ts";
import { files } from "./files.ts";

/** What a step's standard output holds for the platform; everything else is log. The Python module writes the same. */
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

const STDOUT = 1;

/** Writes a message, at once: a step may end its process in the next moment. */
export function sendStepMessage(message: StepMessage): void {
  let rest = Buffer.from(encodeMessage(JSON.stringify(message)));
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

/** Reads lines back, one reader for one attempt; undefined is log, and so is what carries the mark and is no message. */
export function createStepMessageReader(): (line: string) => StepMessage | "part" | undefined {
  const read = createMessageReader();
  return (line) => {
    const found = read(line);
    return typeof found === "object" ? decode(found.text) : found;
  };
}

function decode(text: string): StepMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
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
