export type {
  ColumnType,
  Generated,
  GeneratedJson,
  GeneratedTimestamp,
  Json,
  NullableJson,
  NullableTimestamp,
  Timestamp,
} from "./columns.ts";
export { isConnectionLost, isServerAbsent } from "./connection-failure.ts";
export { type Embedded, type EmbeddedOptions, startEmbedded } from "./embedded/start-embedded.ts";
export { migrate } from "./migrate.ts";
export { type Notification, notify } from "./notify.ts";
export { type Database, type DatabaseOptions, type Db, openDatabase, type Tx } from "./open-database.ts";
export type { Schema } from "./schema.ts";
