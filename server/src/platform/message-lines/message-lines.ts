/** Marks lines that are messages, so that a library that prints to standard output breaks nothing. */
const MARK = "\u0001causeway:";
/** Marks a line that goes on in the next one of ours. */
const MORE = "\u0001causeway+";
/** Readers cut lines of over 65,536 characters; a message may be longer. */
const LONGEST_PART = 60_000;
/** More than this is no message of ours: what prints without end must not fill the memory. */
const LONGEST_MESSAGE = 200_000_000;

/** Writes a text as one line, or as several where it is long. */
export function encodeMessage(text: string): string {
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

/** Reads lines back: a whole message with its last line, a part of one, or undefined for other output. One for a stream. */
export function createMessageReader(): (line: string) => { readonly text: string } | "part" | undefined {
  let parts: string[] = [];
  let length = 0;
  return (line) => {
    if (line.startsWith(MORE) && length < LONGEST_MESSAGE) {
      length += line.length;
      parts.push(line.slice(MORE.length));
      return "part";
    }
    if (!line.startsWith(MARK)) return undefined;
    const text = [...parts, line.slice(MARK.length)].join("");
    parts = [];
    length = 0;
    return { text };
  };
}
