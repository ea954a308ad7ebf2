/** The parts of a Markdown text that cards are made of. Anything else stays text; nothing becomes markup. */
export type Block =
  | { kind: "heading"; level: 1 | 2 | 3; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "code"; text: string }
  | { kind: "table"; head: string[]; rows: string[][] };

/** A stretch of text inside a block. */
export type Inline = { kind: "text" | "strong" | "code"; text: string };

/** Reads headings, paragraphs, lists, fenced code and pipe tables. */
export function readBlocks(markdown: string): Block[] {
  const lines = markdown.replaceAll("\r\n", "\n").split("\n");
  const blocks: Block[] = [];
  let at = 0;
  const take = (fits: (line: string) => boolean): string[] => {
    const taken: string[] = [];
    for (let line = lines[at]; line !== undefined && fits(line); line = lines[at]) {
      taken.push(line);
      at += 1;
    }
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === "") at += 1;
    else if (heading !== null) {
      at += 1;
      const level = Math.min(3, heading[1]?.length ?? 1) as 1 | 2 | 3; // one to three, by the line above
      blocks.push({ kind: "heading", level, text: (heading[2] ?? "").trim() });
    } else if (line.startsWith("```")) {
      at += 1;
      blocks.push({ kind: "code", text: take((each) => !each.startsWith("```")).join("\n") });
      at += 1;
    } else if (isTableRow(line)) {
      const [head, ...rest] = take(isTableRow).map(cells);
      const rows = rest.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
      blocks.push({ kind: "table", head: head ?? [], rows });
    } else if (isItem(line)) {
      blocks.push({
        kind: "list",
        items: take(isItem).map((item) => item.replace(/^\s*([-*]|\d+\.)\s+/, "")),
      });
    } else {
      const text = take(
        (each) => each.trim() !== "" && !isTableRow(each) && !isItem(each) && !/^(#{1,6}\s|```)/.test(each),
      );
      blocks.push({ kind: "paragraph", text: text.join(" ") });
    }
  }
  return blocks;
}

/** Reads strong text and code inside a line. */
export function readInline(text: string): Inline[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part): Inline => {
      if (part.startsWith("**") && part.endsWith("**") && part.length > 4) {
        return { kind: "strong", text: part.slice(2, -2) };
      }
      if (part.startsWith("`") && part.endsWith("`") && part.length > 2) {
        return { kind: "code", text: part.slice(1, -1) };
      }
      return { kind: "text", text: part };
    });
}

function isTableRow(line: string): boolean {
  return /^\s*\|.*\|\s*$/.test(line);
}

function isItem(line: string): boolean {
  return /^\s*([-*]|\d+\.)\s+/.test(line);
}

function cells(line: string): string[] {
  return line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}
