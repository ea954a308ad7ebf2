export { type ArtifactPlace, placeOfProxyPath } from "./artifacts/artifact-address.ts";
export { artifactFilePath, nameOfPath } from "./artifacts/artifact-path.ts";
export {
  type ArtifactTree,
  type ArtifactTreeService,
  createArtifactTree,
} from "./artifacts/artifact-tree-service.ts";
export { parseByteRange } from "./artifacts/byte-range.ts";
export { mediaTypeOf } from "./artifacts/media-type.ts";
export { createRunArtifacts } from "./artifacts/run-artifacts-service.ts";
export { createUploads, type Uploads } from "./artifacts/upload-service.ts";
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
export { spacedJson } from "./spaced-json.ts";
export { type Assessments, createAssessments } from "./traces/assessment-service.ts";
export type { Assessment, Span, TraceInfo, TraceState } from "./traces/trace.ts";
export { createTraces, type GivenTrace, type Traces } from "./traces/trace-service.ts";
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
