import {
  type Comparator,
  type FieldGroup,
  SEARCH_FIELDS,
  type SearchEntity,
  type SearchField,
} from "./search-fields.ts";

/** What a comparison compares with: null for IS NULL and IS NOT NULL, a list for IN and NOT IN. */
export type SearchValue = string | number | readonly string[] | null;

/** One comparison and its place in the text. */
export type Comparison = {
  readonly kind: "comparison";
  readonly field: SearchField;
  readonly comparator: Comparator;
  readonly value: SearchValue;
  readonly at: number;
  readonly length: number;
};

/** A filter that was understood. A comparison with what is not there is false; NOT turns it into true. */
export type Filter =
  | { readonly kind: "everything" }
  | Comparison
  | { readonly kind: "and" | "or"; readonly clauses: readonly Filter[] }
  | { readonly kind: "not"; readonly clause: Filter };

/** One term of an order. */
export type Order = { readonly field: SearchField; readonly ascending: boolean };

/** The filter as text that reads back as the same filter. */
export function printFilter(filter: Filter, entity: SearchEntity): string {
  switch (filter.kind) {
    case "everything":
      return "";
    case "comparison":
      return printComparison(filter, entity);
    case "not":
      return `NOT ${bracketed(filter.clause, entity)}`;
    case "and":
    case "or":
      return filter.clauses
        .map((clause) => bracketed(clause, entity))
        .join(filter.kind === "and" ? " AND " : " OR ");
    default:
      return filter satisfies never;
  }
}

/** The field as people write it: `metrics.auc`, `start_time`, with backticks around what needs them. */
export function printField({ group, key }: SearchField, entity: SearchEntity): string {
  const plain = /^[\w/-]+(?:\.[\w/-]+)*$/.test(key);
  if (group === "attribute" && plain) return key;
  return `${spellingOf(group, entity)}.${plain ? key : `\`${key.replaceAll("`", "``")}\``}`;
}

function spellingOf(group: FieldGroup, entity: SearchEntity): string {
  return SEARCH_FIELDS[entity][group]?.spellings[0] ?? group;
}

function bracketed(filter: Filter, entity: SearchEntity): string {
  const text = printFilter(filter, entity);
  return filter.kind === "and" || filter.kind === "or" ? `(${text})` : text;
}

function printComparison({ field, comparator, value }: Comparison, entity: SearchEntity): string {
  const left = `${printField(field, entity)} ${comparator}`;
  if (value === null) return left;
  if (typeof value === "number") return `${left} ${value}`;
  if (typeof value === "string") return `${left} ${quoted(value)}`;
  return `${left} (${value.map(quoted).join(", ")})`;
}

/** A text in single quotes, those inside doubled. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
