import type { Json, Problem, Progress } from "@causeway/contract";

/** What a task's process is given on its standard input, as one line. */
export type TaskOrder = { readonly input: Json; readonly scratch: string; readonly dataDir: string };

/** One line of a task's standard output. */
export type TaskMessage =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "result"; readonly result: Json }
  | { readonly kind: "problem"; readonly problem: Problem };

/** Marks our lines, so that a library that prints to standard output breaks nothing. */
const MARK = "\u0001causeway:";

/** Writes a message as a line. */
export function encodeMessage(message: TaskMessage): string {
  return `${MARK}${JSON.stringify(message)}\n`;
}

/** Reads a line back; undefined when it is some other output. */
export function decodeMessage(line: string): TaskMessage | undefined {
  // Both ends are the same program.
  return line.startsWith(MARK) ? (JSON.parse(line.slice(MARK.length)) as TaskMessage) : undefined;
}
