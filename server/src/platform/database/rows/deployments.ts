/** Row types of the tables `deployments_*`, one member per table, keyed by table name. */
// biome-ignore lint/suspicious/noEmptyInterface: members come with the migration that creates their tables.
export interface DeploymentsTables {}
