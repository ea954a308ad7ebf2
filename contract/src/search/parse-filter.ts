import { type Comparison, type Filter, quoted, type SearchValue } from "./filter.ts";
import { listed, type ParsedField, parseField } from "./parse-field.ts";
import { SearchError } from "./search-error.ts";
import { COMPARATORS, type Comparator, type SearchEntity } from "./search-fields.ts";
import { type Token, tokenize } from "./search-tokens.ts";

/** The most that a filter may be: characters, nested parentheses and NOTs, comparisons, values of an IN. */
export const SEARCH_LIMITS = { characters: 10_000, depth: 50, clauses: 200 } as const;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  "+infinity": Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};

/** What other languages write for a comparator that is spelled otherwise here. */
const SPELLED_OTHERWISE: Readonly<Record<string, Comparator>> = {
  "==": "=",
  "<>": "!=",
  "=<": "<=",
  "=>": ">=",
};

/**
 * Reads a filter: comparisons joined by AND, OR, NOT and parentheses; NOT binds more than AND, AND more than OR. Throws a
 * `SearchError` and nothing else.
 */
export function parseFilter(text: string, { entity }: { entity: SearchEntity }): Filter {
  refuseTooLong(text);
  const tokens = tokenize(text);
  const state = { tokens, next: 0, entity, clauses: 0, depth: 0 };
  if (peek(state).kind === "end") return { kind: "everything" };
  const filter = parseOr(state);
  const rest = peek(state);
  if (rest.kind === "end") return filter;
  throw new SearchError(
    rest.kind === "close"
      ? "this parenthesis closes nothing"
      : `AND, OR or the end is expected after a comparison, not ${rest.text}`,
    { at: rest.at, length: rest.length, expected: ["AND", "OR"] },
  );
}

/** Refuses a text that is longer than filters and orders are, and what the database cannot hold. */
export function refuseTooLong(text: string): void {
  if (text.length > SEARCH_LIMITS.characters) {
    throw new SearchError(
      `the text has ${text.length} characters; ${SEARCH_LIMITS.characters} are the most`,
      { at: SEARCH_LIMITS.characters, length: text.length - SEARCH_LIMITS.characters },
    );
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) throw new SearchError("a NUL character cannot be searched", { at: nul, length: 1 });
}

type State = {
  readonly tokens: readonly Token[];
  readonly entity: SearchEntity;
  next: number;
  clauses: number;
  depth: number;
};

const END: Token = { kind: "end", text: "", at: 0, length: 0 };

function peek(state: State): Token {
  return state.tokens[state.next] ?? END;
}

function isKeyword(token: Token, keyword: string): boolean {
  return token.kind === "word" && token.text.toUpperCase() === keyword;
}

function take(state: State, keyword: string): boolean {
  if (!isKeyword(peek(state), keyword)) return false;
  state.next += 1;
  return true;
}

function parseOr(state: State): Filter {
  return chain(state, "or", parseAnd);
}

function parseAnd(state: State): Filter {
  return chain(state, "and", parseNot);
}

function chain(state: State, kind: "and" | "or", parse: (state: State) => Filter): Filter {
  const first = parse(state);
  const clauses = [first];
  while (take(state, kind.toUpperCase())) clauses.push(parse(state));
  return clauses.length === 1 ? first : { kind, clauses };
}

function parseNot(state: State): Filter {
  const token = peek(state);
  if (isKeyword(token, "NOT")) {
    return nested(state, () => ({ kind: "not", clause: parseNot(state) }));
  }
  if (token.kind !== "open") return parseComparison(state);
  return nested(state, () => {
    const inside = parseOr(state);
    const close = peek(state);
    if (close.kind !== "close") {
      throw new SearchError(
        close.kind === "end"
          ? "a closing parenthesis is missing"
          : `AND, OR or a closing parenthesis is expected, not ${close.text}`,
        { at: close.at, length: close.length, expected: ["AND", "OR", ")"] },
      );
    }
    state.next += 1;
    return inside;
  });
}

/** Takes the token that opens something, then what is inside, one level deeper. */
function nested(state: State, parse: () => Filter): Filter {
  const opening = peek(state);
  state.depth += 1;
  if (state.depth > SEARCH_LIMITS.depth) {
    throw new SearchError(`parentheses and NOTs are nested more than ${SEARCH_LIMITS.depth} deep`, opening);
  }
  state.next += 1;
  const filter = parse();
  state.depth -= 1;
  return filter;
}

function parseComparison(state: State): Comparison {
  const parsed = parseField(state.tokens, state.next, state.entity);
  state.clauses += 1;
  if (state.clauses > SEARCH_LIMITS.clauses) {
    throw new SearchError(`a filter has at most ${SEARCH_LIMITS.clauses} comparisons`, parsed);
  }
  state.next += parsed.tokens;
  const comparator = parseComparator(state, parsed);
  const value = parseValue(state, parsed, comparator);
  const last = state.tokens[state.next - 1] ?? END;
  const { field, at } = parsed;
  return { kind: "comparison", field, comparator, value, at, length: last.at + last.length - at };
}

function parseComparator(state: State, { comparators, field }: ParsedField): Comparator {
  const from = peek(state);
  const written = readComparator(state);
  const allowed = listed(comparators);
  if (written === undefined) {
    throw new SearchError(
      `${field.key} needs a comparison: ${allowed}${from.kind === "end" ? "" : `, not ${from.text}`}`,
      { at: from.at, length: from.length, expected: comparators },
    );
  }
  const last = state.tokens[state.next - 1] ?? from;
  const place = { at: from.at, length: last.at + last.length - from.at, expected: comparators };
  const known = COMPARATORS.find((one) => one === written);
  if (known === undefined) {
    const meant = SPELLED_OTHERWISE[written];
    throw new SearchError(`${written} is no comparison: write ${meant ?? allowed}`, place);
  }
  if (comparators.includes(known)) return known;
  throw new SearchError(`${field.key} cannot be asked with ${known}: it takes ${allowed}`, place);
}

/** Reads an operator or the words of one: `NOT IN`, `IS NOT NULL`. */
function readComparator(state: State): string | undefined {
  const token = peek(state);
  if (token.kind === "operator") {
    state.next += 1;
    return token.text;
  }
  for (const words of WORDS) {
    if (words.every((word, index) => isKeyword(state.tokens[state.next + index] ?? END, word))) {
      state.next += words.length;
      return words.join(" ");
    }
  }
  return undefined;
}

/** The comparators that are words, the longer first. */
const WORDS = COMPARATORS.filter((one) => /^[A-Z]/.test(one))
  .map((one) => one.split(" "))
  .sort((a, b) => b.length - a.length);

function parseValue(state: State, parsed: ParsedField, comparator: Comparator): SearchValue {
  if (comparator === "IS NULL" || comparator === "IS NOT NULL") return null;
  if (comparator === "IN" || comparator === "NOT IN") return parseList(state, parsed);
  const token = peek(state);
  const ordered = comparator === ">" || comparator === ">=" || comparator === "<" || comparator === "<=";
  const numeric = parsed.value === "number" || (parsed.value === "either" && ordered);
  if (!numeric && isText(token)) {
    state.next += 1;
    return token.text;
  }
  const number = parsed.value === "text" ? undefined : readNumber(token);
  if (number === undefined) throw wrongValue(token, parsed, numeric);
  if (Number.isNaN(number) && comparator !== "=" && comparator !== "!=") {
    throw new SearchError("NaN is compared with = or != alone", token);
  }
  state.next += 1;
  return number;
}

function isText(token: Token): boolean {
  return token.kind === "quoted" && token.quote !== "`";
}

function readNumber(token: Token): number | undefined {
  if (token.kind !== "word") return undefined;
  if (NUMBER.test(token.text)) return Number(token.text);
  return NOT_FINITE[token.text.toLowerCase()];
}

function wrongValue(token: Token, { field }: ParsedField, numeric: boolean): SearchError {
  const place = { at: token.at, length: token.length };
  if (numeric) {
    const got =
      token.kind === "end" ? "" : `, not ${token.kind === "quoted" ? quoted(token.text) : token.text}`;
    return new SearchError(`${field.key}: a number is expected${got}`, { ...place, expected: ["a number"] });
  }
  const help = token.kind === "word" || token.kind === "quoted" ? `: write ${quoted(token.text)}` : "";
  return new SearchError(`${field.key}: a text in quotes is expected${help}`, {
    ...place,
    expected: ["a text in quotes"],
  });
}

function parseList(state: State, { field }: ParsedField): readonly string[] {
  const open = peek(state);
  const values: string[] = [];
  const wrong = (token: Token, what: string) =>
    new SearchError(`${field.key}: ${what}, as in IN ('a', 'b')`, {
      at: token.at,
      length: token.length,
      expected: [what],
    });
  if (open.kind !== "open") throw wrong(open, "a list in parentheses is expected");
  do {
    state.next += 1;
    const value = peek(state);
    // A comma before the closing parenthesis is how Python writes a list of one.
    if (value.kind === "close" && values.length > 0) break;
    if (!isText(value)) throw wrong(value, "a text in quotes is expected");
    values.push(value.text);
    state.next += 1;
  } while (peek(state).kind === "comma");
  if (peek(state).kind !== "close") throw wrong(peek(state), "a comma or a closing parenthesis is expected");
  state.next += 1;
  return values;
}
