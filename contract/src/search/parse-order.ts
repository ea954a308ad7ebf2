import type { Order } from "./filter.ts";
import { parseField } from "./parse-field.ts";
import { refuseTooLong } from "./parse-filter.ts";
import { SearchError } from "./search-error.ts";
import type { SearchEntity } from "./search-fields.ts";
import { tokenize } from "./search-tokens.ts";

/** Reads one term of an order: a field, then ASC (which is meant when absent) or DESC. */
export function parseOrder(text: string, { entity }: { entity: SearchEntity }): Order {
  refuseTooLong(text);
  const tokens = tokenize(text);
  const { field, tokens: taken, at, length } = parseField(tokens, 0, entity);
  if (field.group === "dataset") {
    throw new SearchError("a run has many datasets: nothing can be ordered by them", { at, length });
  }
  const direction = tokens[taken];
  if (direction === undefined || direction.kind === "end") return { field, ascending: true };
  const word = direction.kind === "word" ? direction.text.toUpperCase() : "";
  const after = tokens[taken + 1];
  if (word !== "ASC" && word !== "DESC") {
    throw new SearchError(`ASC or DESC is expected after ${field.key}, not ${direction.text}`, {
      at: direction.at,
      length: direction.length,
      expected: ["ASC", "DESC"],
    });
  }
  if (after !== undefined && after.kind !== "end") {
    throw new SearchError(`nothing is expected after ${word}: give each term of an order by itself`, after);
  }
  return { field, ascending: word === "ASC" };
}
