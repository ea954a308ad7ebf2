export { findExperimentKeys } from "./experiment-keys-step.ts";
export { compileFilter, type FieldSql, type FieldTable } from "./filter-store.ts";
export { isBehind, nullsLast, orderBy, type SortKey, selectKeys, sortValues } from "./keyset-store.ts";
export { readPageToken, type SortValue, writePageToken } from "./page-token.ts";
export { readFilter, readOrders } from "./read-request.ts";
export { createRunSearch, type RunSearch } from "./run-search-service.ts";
export { createRunsSearch } from "./runs-search-service.ts";
