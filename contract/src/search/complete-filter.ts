import { printField } from "./filter.ts";
import { groupsOf, parseField } from "./parse-field.ts";
import { SearchError } from "./search-error.ts";
import {
  COMPARATORS,
  comparatorsOf,
  type FieldGroup,
  groupOf,
  keyOf,
  SEARCH_FIELDS,
} from "./search-fields.ts";
import { type Token, tokenize } from "./search-tokens.ts";

/** Names in use, for completion. */
export type FilterKeys = {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
};

/** One thing that could stand at the caret. */
export type Completion = {
  readonly text: string;
  readonly kind: "field" | "comparator" | "value" | "keyword";
  /** What it is, in a word or two. */
  readonly note: string;
};

/** What could stand at the caret: an option replaces the characters from `from` to `until`. */
export type Completions = {
  readonly from: number;
  readonly until: number;
  readonly options: readonly Completion[];
};

/** The most options of one answer. */
const MOST = 50;
const STATES = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];
const KEYED: readonly (readonly [FieldGroup, keyof FilterKeys])[] = [
  ["metric", "metrics"],
  ["param", "params"],
  ["tag", "tags"],
];

/** What a filter of runs could go on with at the caret. */
export function completeFilter(text: string, caret: number, keys: FilterKeys): Completions {
  const { whole, partial } = cut(text.slice(0, caret));
  const typed = text.slice(partial, caret);
  const expected = walk(whole);
  const options = expected === undefined ? [] : optionsOf(expected, keys);
  return { from: partial, until: caret, options: ranked(options, typed).slice(0, MOST) };
}

/** The tokens that are complete, and where the one under the caret begins. */
function cut(before: string): { whole: Token[]; partial: number } {
  try {
    const tokens = tokenize(before).slice(0, -1);
    const last = tokens.at(-1);
    const open = last?.kind === "word" || last?.kind === "operator";
    if (last === undefined || !open || last.at + last.length < before.length) {
      return { whole: tokens, partial: before.length };
    }
    const start = tokens.at(-2);
    // A key after a quoted group belongs to it.
    if (start?.kind === "quoted" && start.at + start.length === last.at) {
      return { whole: tokens.slice(0, -2), partial: start.at };
    }
    return { whole: tokens.slice(0, -1), partial: last.at };
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    // An open quote: what stands before it is complete, with the group that touches it.
    const tokens = tokenize(before.slice(0, error.at)).slice(0, -1);
    const last = tokens.at(-1);
    const group = last?.kind === "word" && last.text.endsWith(".") && last.at + last.length === error.at;
    return group ? { whole: tokens.slice(0, -1), partial: last.at } : { whole: tokens, partial: error.at };
  }
}

type Expected =
  | { readonly what: "field" | "connective" }
  | { readonly what: "comparator" | "value"; readonly group: FieldGroup; readonly key: string };

/** Goes over the complete tokens; undefined where they make no sense. */
function walk(tokens: readonly Token[]): Expected | undefined {
  let expected: Expected = { what: "field" };
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    const word = token?.kind === "word" ? token.text.toUpperCase() : "";
    switch (expected.what) {
      case "field": {
        if (word === "NOT" || token?.kind === "open") {
          at += 1;
          break;
        }
        const parsed = tryField(tokens, at);
        if (parsed === undefined) return undefined;
        expected = { what: "comparator", ...parsed.field };
        at += parsed.tokens;
        break;
      }
      case "comparator": {
        const words = [word, ...wordsAfter(tokens, at)];
        const asWords = [...COMPARATORS]
          .reverse()
          .find((one) => one.split(" ").every((part, index) => part === words[index]));
        if (asWords?.endsWith("NULL")) expected = { what: "connective" };
        else expected = { what: "value", group: expected.group, key: expected.key };
        if (asWords === undefined && token?.kind !== "operator") return undefined;
        at += asWords?.split(" ").length ?? 1;
        break;
      }
      case "value": {
        if (token?.kind !== "open") {
          at += 1;
          expected = { what: "connective" };
          break;
        }
        while (at < tokens.length && tokens[at]?.kind !== "close") at += 1;
        if (at === tokens.length) return expected;
        at += 1;
        expected = { what: "connective" };
        break;
      }
      case "connective": {
        if (word === "AND" || word === "OR") expected = { what: "field" };
        else if (token?.kind !== "close") return undefined;
        at += 1;
        break;
      }
      default:
        return expected satisfies never;
    }
  }
  return expected;
}

function wordsAfter(tokens: readonly Token[], at: number): string[] {
  return tokens.slice(at + 1, at + 3).map((token) => (token.kind === "word" ? token.text.toUpperCase() : ""));
}

function tryField(tokens: readonly Token[], at: number) {
  try {
    return parseField(tokens, at, "runs");
  } catch (error) {
    if (error instanceof SearchError) return undefined;
    throw error;
  }
}

function optionsOf(expected: Expected, keys: FilterKeys): Completion[] {
  switch (expected.what) {
    case "field":
      return fields(keys);
    case "comparator": {
      const rule = SEARCH_FIELDS.runs[expected.group];
      const value = rule === undefined ? undefined : keyOf(rule, expected.key)?.value;
      if (rule === undefined || value === undefined) return [];
      return comparatorsOf(rule, value).map((text) => ({ text, kind: "comparator", note: "" }));
    }
    case "value":
      return expected.group === "attribute" && expected.key === "status"
        ? STATES.map((state) => ({ text: `'${state}'`, kind: "value", note: "state" }))
        : [];
    case "connective":
      return ["AND", "OR"].map((text) => ({ text, kind: "keyword", note: "" }));
    default:
      return expected satisfies never;
  }
}

function fields(keys: FilterKeys): Completion[] {
  const attributes = Object.keys(SEARCH_FIELDS.runs.attribute?.keys ?? {});
  const datasets = Object.keys(SEARCH_FIELDS.runs.dataset?.keys ?? {});
  return [
    ...groupsOf("runs")
      .slice(1)
      .map(
        (group): Completion => ({
          text: `${group}.`,
          kind: "field",
          note: groupOf("runs", group)?.group ?? "",
        }),
      ),
    ...attributes.map((text): Completion => ({ text, kind: "field", note: "attribute" })),
    ...KEYED.flatMap(([group, list]) =>
      keys[list].map(
        (key): Completion => ({ text: printField({ group, key }, "runs"), kind: "field", note: group }),
      ),
    ),
    ...datasets.map((key): Completion => ({ text: `datasets.${key}`, kind: "field", note: "dataset" })),
    { text: "NOT", kind: "keyword", note: "" },
  ];
}

/** Those that fit what is typed: beginnings first, then what holds it anywhere. */
function ranked(options: readonly Completion[], typed: string): Completion[] {
  const plain = (text: string) => text.toLowerCase().replaceAll("`", "");
  const wanted = plain(typed);
  const rank = ({ text }: Completion) => {
    const place = plain(text).indexOf(wanted);
    return place === 0 ? 0 : place > 0 ? 1 : 2;
  };
  return options
    .map((option) => ({ option, rank: rank(option) }))
    .filter(({ rank: one, option }) => one < 2 && option.text !== typed)
    .sort((a, b) => a.rank - b.rank)
    .map(({ option }) => option);
}
