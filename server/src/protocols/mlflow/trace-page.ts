import { mlflowError } from "./errors.ts";

/** Most traces of a page of a search. */
export const MOST_FOUND = 500;
const USUAL = 100;

/** How many traces a page holds. */
export function pageSize(given: number | undefined): number {
  if (given === undefined) return USUAL;
  if (given >= 1 && given <= MOST_FOUND) return given;
  throw mlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid value ${given} for parameter 'max_results' supplied: it must be between 1 and ${MOST_FOUND}.`,
  );
}
