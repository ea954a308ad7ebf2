export { isConnectionLost } from "./connection-failure.ts";
export { type Embedded, startEmbedded } from "./embedded/start-embedded.ts";
export { stopEmbedded } from "./embedded/stop-embedded.ts";
export { migrate } from "./migrate.ts";
export { createNewId } from "./new-id.ts";
export { notify } from "./notify.ts";
export { type Database, type Db, openDatabase, type Tx } from "./open-database.ts";
export type { Schema } from "./schema.ts";
export { type Ask, askDriver, askWithin, type Statement } from "./statement.ts";
