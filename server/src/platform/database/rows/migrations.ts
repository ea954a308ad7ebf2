import type { GeneratedTimestamp } from "../columns.ts";

/** The table that the migration runner makes for itself, before any migration file. */
export interface MigrationsTables {
  platform_migrations: {
    name: string;
    sha256: string;
    applied_at: GeneratedTimestamp;
  };
}
