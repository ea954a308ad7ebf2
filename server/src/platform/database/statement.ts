import { CompiledQuery } from "kysely";
import type pg from "pg";
import type { Db, Tx } from "./open-database.ts";

/** A statement as text. One with a name is parsed and planned once per connection: for those that run all the time. */
export type Statement = { readonly text: string; readonly name?: string };

/** Asks a statement with its values; `Row` is what the statement's text promises. */
export type Ask = <Row>(statement: Statement, values: readonly unknown[]) => Promise<Row[]>;

/** Asks through the driver itself, without the query builder's cost: a pool, or one of its connections. */
export function askDriver(client: Pick<pg.Pool | pg.PoolClient, "query">): Ask {
  return async <Row>(statement: Statement, values: readonly unknown[]) => {
    const { rows } = await client.query({ ...statement, values: [...values] });
    return rows as Row[]; // the statement's text says what its rows are
  };
}

/** Asks within the query builder's connection or transaction. */
export function askWithin(db: Db | Tx): Ask {
  return async <Row>({ text }: Statement, values: readonly unknown[]) => {
    const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
    return rows;
  };
}
