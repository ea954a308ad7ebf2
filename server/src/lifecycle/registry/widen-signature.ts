import type { ColumnProfile, Profile, Signature, SignatureInput } from "@causeway/contract";

/** Text columns with more values than this have no list of categories in a signature. */
export const MOST_CATEGORIES = 100;

/**
 * Adds to a signature what the model saw in training: a model is judged on other rows than it learned from, and a value
 * that is rare there is none that it does not know. Columns that a profile does not hold stay as they are.
 */
export function widenSignature(signature: Signature, profiles: readonly Profile[]): Signature {
  return {
    ...signature,
    inputs: signature.inputs.map((input) =>
      profiles.reduce((widened, { columns }) => {
        const column = columns.find(({ name }) => name === input.name);
        return column === undefined ? widened : widen(widened, column);
      }, input),
    ),
  };
}

function widen(input: SignatureInput, column: ColumnProfile): SignatureInput {
  const { min, max } = column;
  const seen = typeof min === "number" && typeof max === "number" ? { min, max } : null;
  const { range } = input;
  return {
    ...input,
    nullable: input.nullable || column.missing > 0,
    range:
      range === null || seen === null
        ? range
        : { min: Math.min(range.min, seen.min), max: Math.max(range.max, seen.max) },
    categories: joinCategories(input.categories, column),
  };
}

/** Null where a column has too many values to list, or where some of training are not known: a profile lists the most frequent. */
function joinCategories(categories: readonly string[] | null, column: ColumnProfile): string[] | null {
  if (categories === null) return null;
  const all = new Set([...categories, ...column.top.map(({ value }) => value)]);
  return all.size > MOST_CATEGORIES || all.size < column.distinct ? null : [...all].sort();
}
