export {
  type ArtifactPlace,
  type ArtifactTree,
  type ArtifactTreeService,
  createArtifactTree,
  createRunArtifacts,
  createUploads,
  mediaTypeOf,
  nameOfPath,
  parseByteRange,
  placeOfProxyPath,
  type Uploads,
} from "./artifacts/index.ts";
export { createCleanUp, type FindRunUses } from "./clean-up-service.ts";
export { runPath } from "./experiment-paths.ts";
export { createExperimentsSearch, type ExperimentsSearch } from "./experiments-search-service.ts";
export { createExperiments, type Experiments } from "./experiments-service.ts";
export { createExperimentsUpkeep, type ExperimentsUpkeep } from "./experiments-upkeep-service.ts";
export { createImports, type Imports } from "./imports/import-service.ts";
export { createRunWriter, type NewRun, type RunWriter } from "./run-writer.ts";
export { compileFilter, type FieldSql, type FieldTable } from "./search/filter-store.ts";
export {
  isBehind,
  nullsLast,
  orderBy,
  type SortedRow,
  type SortKey,
  selectKeys,
  sortValues,
} from "./search/keyset-store.ts";
export { readPageToken, type SortValue, writePageToken } from "./search/page-token.ts";
export { readFilter, readOrders } from "./search/read-request.ts";
export { createRunSearch } from "./search/run-search-service.ts";
export {
  type Assessment,
  type Assessments,
  createAssessments,
  createTraces,
  type GivenTrace,
  type Span,
  type TraceInfo,
  type TraceState,
  type Traces,
} from "./traces/index.ts";
export type {
  Found,
  LifeView,
  LoggedModel,
  LoggedModelState,
  LoggedPoint,
  RunAddition,
  SearchRequest,
  Texts,
  TrackedDataset,
  TrackedExperiment,
  TrackedPoint,
  TrackedRun,
  TrackedState,
  Tracking,
  TreeEntry,
  TreeOwner,
} from "./tracking.ts";
export { createTracking, type TrackingService } from "./tracking-service.ts";
