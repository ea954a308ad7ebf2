/** Row types of the tables `data_*`, one member per table, keyed by table name. */
// biome-ignore lint/suspicious/noEmptyInterface: members come with the migration that creates their tables.
export interface DataTables {}
