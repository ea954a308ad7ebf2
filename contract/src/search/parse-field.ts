import { SearchError } from "./search-error.ts";
import {
  type Comparator,
  comparatorsOf,
  FIELD_GROUPS,
  type FieldValue,
  groupOf,
  keyOf,
  SEARCH_FIELDS,
  type SearchEntity,
  type SearchField,
} from "./search-fields.ts";
import type { Token } from "./search-tokens.ts";

/** A field as it stands in a text: what it is compared with and by what, and how many tokens it took. */
export type ParsedField = {
  readonly field: SearchField;
  readonly value: FieldValue;
  readonly comparators: readonly Comparator[];
  readonly tokens: number;
  readonly at: number;
  readonly length: number;
};

/** Reads a field: `metrics.auc`, a bare attribute, a key in backticks or double quotes. */
export function parseField(tokens: readonly Token[], from: number, entity: SearchEntity): ParsedField {
  const written = readName(tokens, from);
  if (written === undefined) throw noField(tokens[from], entity);
  const { prefix, name, at, length } = written;
  const spelling = prefix ?? SEARCH_FIELDS[entity].attribute?.spellings[0] ?? "";
  const found = groupOf(entity, spelling);
  if (found === undefined) {
    const known = groupsOf(entity);
    throw new SearchError(`${entity} have no ${prefix}; a field begins with ${listed(known)}`, {
      at,
      length: spelling.length,
      expected: known,
    });
  }
  const { group, rule } = found;
  const key = name === "" ? undefined : keyOf(rule, name);
  if (key === undefined) {
    const known = Object.keys(rule.keys ?? {});
    const what = group === "attribute" ? "attribute" : `${group} field`;
    const message =
      name === ""
        ? `a name is expected after ${prefix}.`
        : `${entity} have no ${what} ${name}; there is ${listed(known)}`;
    throw new SearchError(message, { at, length, expected: known });
  }
  const comparators = comparatorsOf(rule, key.value);
  return {
    field: { group, key: key.key },
    value: key.value,
    comparators,
    tokens: written.tokens,
    at,
    length,
  };
}

/** The groups of an entity, as people write them. */
export function groupsOf(entity: SearchEntity): string[] {
  return FIELD_GROUPS.flatMap((group) => SEARCH_FIELDS[entity][group]?.spellings[0] ?? []);
}

type Written = { prefix: string | undefined; name: string; tokens: number; at: number; length: number };

function readName(tokens: readonly Token[], from: number): Written | undefined {
  const [first, second] = [tokens[from], tokens[from + 1]];
  if (first === undefined) return undefined;
  const { at } = first;
  const touching = second !== undefined && second.at === at + first.length ? second : undefined;
  const both = touching === undefined ? first.length : first.length + touching.length;
  if (first.kind === "quoted" && first.quote !== "'") {
    if (touching?.kind === "word" && touching.text.startsWith(".")) {
      return { prefix: first.text, name: touching.text.slice(1), tokens: 2, at, length: both };
    }
    return { prefix: undefined, name: first.text, tokens: 1, at, length: first.length };
  }
  if (first.kind !== "word") return undefined;
  const dot = first.text.indexOf(".");
  if (dot === -1) {
    // `Run name` is what older clients write, without quotes too.
    if (/^run$/i.test(first.text) && second?.kind === "word" && /^name$/i.test(second.text)) {
      return { prefix: undefined, name: "run name", tokens: 2, at, length: second.at + second.length - at };
    }
    return { prefix: undefined, name: first.text, tokens: 1, at, length: first.length };
  }
  const prefix = first.text.slice(0, dot);
  const rest = first.text.slice(dot + 1);
  const open = first.text.endsWith(".") && touching?.kind === "quoted";
  if (open) return { prefix, name: rest + touching.text, tokens: 2, at, length: both };
  return { prefix, name: rest, tokens: 1, at, length: first.length };
}

function noField(token: Token | undefined, entity: SearchEntity): SearchError {
  const groups = groupsOf(entity);
  const attributes = Object.keys(SEARCH_FIELDS[entity].attribute?.keys ?? {});
  const found = token === undefined || token.kind === "end" ? "" : `, not ${token.text}`;
  const example = groups.includes("metrics") ? "metrics.auc" : "tags.team";
  return new SearchError(`a field is expected here${found}: ${example}, ${listed(attributes.slice(0, 3))}`, {
    at: token?.at ?? 0,
    length: token?.length ?? 0,
    expected: [...groups.map((group) => `${group}.`), ...attributes],
  });
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
