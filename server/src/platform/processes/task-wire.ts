import type { Json, Problem, Progress } from "@causeway/contract";

/** What a task's process is given on its standard input, as one line. */
export type TaskOrder = { readonly input: Json; readonly scratch: string; readonly dataDir: string };

/** One message of a task's standard output. */
export type TaskMessage =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "result"; readonly result: Json }
  | { readonly kind: "problem"; readonly problem: Problem };

/** Marks our lines, so that a library that prints to standard output breaks nothing. */
const MARK = "\u0001causeway:";
/** Marks a line that goes on in the next one of ours. */
const MORE = "\u0001causeway+";
/** Readers cut lines of over 65,536 characters; a result may be longer. */
const LONGEST_PART = 60_000;

/** Writes a message as one line, or as several where it is long. */
export function encodeMessage(message: TaskMessage): string {
  const text = JSON.stringify(message);
  const lines: string[] = [];
  let from = 0;
  while (text.length - from > LONGEST_PART) {
    const isPair = /[\uD800-\uDBFF]/.test(text.charAt(from + LONGEST_PART - 1));
    const until = from + LONGEST_PART - (isPair ? 1 : 0);
    lines.push(`${MORE}${text.slice(from, until)}\n`);
    from = until;
  }
  return `${lines.join("")}${MARK}${text.slice(from)}\n`;
}

/** What a line of a task's standard output is: the end of a message, a part of one, or some other output. */
export type TaskLine = TaskMessage | "part" | undefined;

/** Reads lines back into messages; one reader for one task. */
export function createMessageReader(): (line: string) => TaskLine {
  let parts: string[] = [];
  return (line) => {
    if (line.startsWith(MORE)) {
      parts.push(line.slice(MORE.length));
      return "part";
    }
    if (!line.startsWith(MARK)) return undefined;
    const text = [...parts, line.slice(MARK.length)].join("");
    parts = [];
    // Both ends are the same program.
    return JSON.parse(text) as TaskMessage;
  };
}
