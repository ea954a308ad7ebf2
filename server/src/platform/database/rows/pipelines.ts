/** Row types of the tables `pipelines_*`, one member per table, keyed by table name. */
// biome-ignore lint/suspicious/noEmptyInterface: members come with the migration that creates their tables.
export interface PipelinesTables {}
