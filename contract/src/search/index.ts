export { type Completion, type Completions, completeFilter, type FilterKeys } from "./complete-filter.ts";
export {
  type Comparison,
  type Filter,
  type Order,
  printField,
  printFilter,
  type SearchValue,
} from "./filter.ts";
export { parseFilter, SEARCH_LIMITS } from "./parse-filter.ts";
export { parseOrder } from "./parse-order.ts";
export { pointAt, SearchError } from "./search-error.ts";
export {
  type Comparator,
  type FieldGroup,
  SEARCH_ENTITIES,
  type SearchEntity,
  type SearchField,
} from "./search-fields.ts";
