import type { Filter } from "@causeway/contract";
import { PROMPT_TAG } from "./prompt.ts";

const NO_PROMPT: Filter = {
  kind: "comparison",
  field: { group: "tag", key: PROMPT_TAG },
  comparator: "!=",
  value: "true",
  at: 0,
  length: 0,
};

/** The filter of a search for models: prompts are found by those who ask for them, and never come among models. */
export function modelsAlone(filter: Filter): Filter {
  if (asksForPrompts(filter)) return filter;
  return filter.kind === "everything" ? NO_PROMPT : { kind: "and", clauses: [filter, NO_PROMPT] };
}

function asksForPrompts(filter: Filter): boolean {
  switch (filter.kind) {
    case "everything":
      return false;
    case "comparison":
      return filter.field.group === "tag" && filter.field.key === PROMPT_TAG;
    case "not":
      return asksForPrompts(filter.clause);
    case "and":
    case "or":
      return filter.clauses.some(asksForPrompts);
    default:
      return filter satisfies never;
  }
}
