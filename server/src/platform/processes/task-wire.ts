import type { Json, Problem, Progress } from "@causeway/contract";
import {
  createMessageReader as createTextReader,
  encodeMessage as encodeText,
} from "../message-lines/index.ts";

/** What a task's process is given on its standard input, as one line. */
export type TaskOrder = { readonly input: Json; readonly scratch: string; readonly dataDir: string };

/** One message of a task's standard output. */
export type TaskMessage =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "result"; readonly result: Json }
  | { readonly kind: "problem"; readonly problem: Problem };

/** Writes a message as one line, or as several where it is long. */
export function encodeMessage(message: TaskMessage): string {
  return encodeText(JSON.stringify(message));
}

/** What a line of a task's standard output is: the end of a message, a part of one, or some other output. */
export type TaskLine = TaskMessage | "part" | undefined;

/** Reads lines back into messages; one reader for one task. */
export function createMessageReader(): (line: string) => TaskLine {
  const read = createTextReader();
  return (line) => {
    const found = read(line);
    // Both ends are the same program.
    return typeof found === "object" ? (JSON.parse(found.text) as TaskMessage) : found;
  };
}
