import { sql } from "kysely";
import type { Db, Tx } from "./open-database.ts";

/** Where a notification goes. PostgreSQL refuses payloads of 8,000 bytes or more: send an id, not a record. */
export interface Notification {
  channel: string;
  payload?: string;
}

/** Sends a notification; inside a transaction it leaves with the commit, or not at all. */
export async function notify(db: Db | Tx, { channel, payload = "" }: Notification): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(db);
}
