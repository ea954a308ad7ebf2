import { sql } from "kysely";
import type { Db } from "../database/index.ts";

/** What can be asked of any PostgreSQL to see that it works. */
export function healthStore(db: Db) {
  return {
    /** The server's version, for example `18.4`; it costs one round trip. */
    async serverVersion(): Promise<string> {
      const { rows } = await sql<{ server_version: string }>`show server_version`.execute(db);
      return rows[0]?.server_version ?? "";
    },
  };
}
