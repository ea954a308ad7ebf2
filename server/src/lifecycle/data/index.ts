export { createDatasetDoor, type DatasetDoor, dataWork } from "./data-jobs.ts";
export { versionPath } from "./data-paths.ts";
export { createData, type Data } from "./data-service.ts";
export { openImportedFile } from "./reading/file-format.ts";
export { createStepData, type StepDataset, type StepRow } from "./steps/step-data.ts";
export { KeptSummary, keptSummary } from "./summaries/kept-summary.ts";
export { sampleEdges } from "./summaries/sample-edges.ts";
export {
  type ColumnCount,
  type ColumnPlan,
  type GroupPlan,
  summarizeGroups,
} from "./summaries/summarize-groups.ts";
export { type Duck, identifier, literal, openDuck, parquet } from "./tables/duck.ts";
export { dataTasks } from "./tasks/data-tasks.ts";
export type { KeptVersion } from "./tasks/keep-version.ts";
export { versionNode } from "./version-service.ts";
