import type { Readable } from "node:stream";

/** A line longer than this is cut into lines of this length, so that memory stays bounded. */
const LONGEST_LINE = 65_536;

/** Lines of a UTF-8 stream as they come, without their line ends; carriage returns end a line too (progress bars). */
export async function* splitLines(stream: Readable): AsyncIterable<string> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream) {
    // `setEncoding` makes every chunk a string.
    rest += chunk as string;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) yield* pieces(line);
    while (rest.length >= LONGEST_LINE) {
      yield rest.slice(0, LONGEST_LINE);
      rest = rest.slice(LONGEST_LINE);
    }
  }
  if (rest !== "") yield* pieces(rest.replace(/\r$/, ""));
}

function* pieces(line: string): Iterable<string> {
  if (line.length <= LONGEST_LINE) yield line;
  else
    for (let from = 0; from < line.length; from += LONGEST_LINE) yield line.slice(from, from + LONGEST_LINE);
}
