import { SearchError } from "./search-error.ts";

/** A piece of a filter. `text` of a quoted one is what stands between its quotes. */
export type Token = {
  readonly kind: "word" | "quoted" | "operator" | "open" | "close" | "comma" | "end";
  readonly text: string;
  readonly at: number;
  readonly length: number;
  /** The quote around it. */
  readonly quote?: "'" | '"' | "`";
};

const SPACE = /\s*/y;
const WORD = /[^\s()=!<>,'"`]+/y;
const OPERATOR = /[=!<>]+/y;
const QUOTED = { "'": /'((?:[^']|'')*)'/y, '"': /"((?:[^"]|"")*)"/y, "`": /`((?:[^`]|``)*)`/y } as const;
const SINGLE = { "(": "open", ")": "close", ",": "comma" } as const;

/** Cuts a text into tokens; the last is always `end`. Time grows with the length alone. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = skip(text, 0);
  while (at < text.length) {
    const token = read(text, at);
    tokens.push(token);
    at = skip(text, at + token.length);
  }
  tokens.push({ kind: "end", text: "", at: text.length, length: 0 });
  return tokens;
}

function skip(text: string, at: number): number {
  return at + matched(SPACE, text, at).length;
}

function read(text: string, at: number): Token {
  const first = text[at] ?? "";
  if (first === "(" || first === ")" || first === ",") {
    return { kind: SINGLE[first], text: first, at, length: 1 };
  }
  if (first === "'" || first === '"' || first === "`") {
    const whole = matched(QUOTED[first], text, at);
    if (whole === "") {
      throw new SearchError(`this ${nameOf(first)} is not closed`, { at, length: 1, expected: [first] });
    }
    const inner = whole.slice(1, -1).replaceAll(first + first, first);
    return { kind: "quoted", text: inner, at, length: whole.length, quote: first };
  }
  const operator = matched(OPERATOR, text, at);
  if (operator !== "") return { kind: "operator", text: operator, at, length: operator.length };
  const word = matched(WORD, text, at);
  return { kind: "word", text: word, at, length: word.length };
}

function matched(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function nameOf(quote: "'" | '"' | "`"): string {
  return quote === "`" ? "backtick" : "quote";
}
