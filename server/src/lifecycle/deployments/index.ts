export { createCompactionStarter, defineCompaction } from "./compaction-work.ts";
export { createDeployments, type Deployments } from "./deployments-service.ts";
export { compactTask } from "./log/compact-task.ts";
export { type LabelledShape, labelledTable, truthTable } from "./log/labelled-table.ts";
export { isMoved, type LogSources } from "./log/log-sources.ts";
export { type InputColumn, inputColumn, logColumns, logTable } from "./log/log-tables.ts";
export { truthImportTask } from "./log/truth-import-task.ts";
export { defineTruthImport } from "./truth-import-work.ts";
export { LOG_CHANNEL } from "./watermark-service.ts";
