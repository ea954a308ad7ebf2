import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../../platform/database/index.ts";

/** The most names of one kind. */
const MOST = 1000;
/** Experiments whose names are looked up one by one; with more, each costs little enough to be left out. */
const MOST_EXPERIMENTS = 200;

/** Statements on names in use. */
export function searchKeysStore(db: Db) {
  /** Names by leaps over an index: each name costs one look, however many runs have it. */
  async function names(
    experiments: readonly number[],
    table: RawBuilder<unknown>,
    piece: RawBuilder<unknown>,
  ): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`
      with recursive leap (experiment_key, name) as (
        select scope.key, (select min(name) from ${table} where experiment_key = scope.key and ${piece})
        from unnest(${experiments.slice(0, MOST_EXPERIMENTS)}::bigint[]) as scope (key)
        union all
        select leap.experiment_key,
          (select min(name) from ${table} where experiment_key = leap.experiment_key and name > leap.name and ${piece})
        from leap where leap.name is not null
      )
      select distinct name from leap where name is not null order by name limit ${MOST}`.execute(db);
    return rows.map(({ name }) => name);
  }

  /** Short and long values have an index each. */
  async function textNames(experiments: readonly number[], table: RawBuilder<unknown>): Promise<string[]> {
    const short = await names(experiments, table, sql`octet_length(value) <= 500`);
    const long = await names(experiments, table, sql`octet_length(value) > 500`);
    return [...new Set([...short, ...long])].sort().slice(0, MOST);
  }

  return {
    metrics: (experiments: readonly number[]) => names(experiments, sql`experiments_metrics`, sql`true`),
    params: (experiments: readonly number[]) => textNames(experiments, sql`experiments_params`),
    tags: (experiments: readonly number[]) => textNames(experiments, sql`experiments_tags`),
  };
}
