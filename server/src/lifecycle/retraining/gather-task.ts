import { join } from "node:path";
import type { Json } from "@causeway/contract";
import { defineTask } from "../../platform/processes/index.ts";
import { type Duck, identifier, literal, openDuck, parquet } from "../data/index.ts";
import {
  isMoved,
  type LabelledShape,
  type LogSources,
  labelledTable,
  logTable,
} from "../deployments/index.ts";

/** Rows by event time: from is inside, until outside; null is open. */
export type Span = { readonly from: string | null; readonly until: string | null };

/** What to gather. */
export type GatherOrder = {
  readonly sources: LogSources;
  /** File of the newest truth of each prediction. */
  readonly truth: string;
  /** Rows that were gathered before, some of which the log may not have any more. */
  readonly before: string | null;
  readonly shape: LabelledShape;
  /** Text column that names a row and that no prediction carries: the prediction's own id stands in it. Null where there is none. */
  readonly named: string | null;
  /** Parts of the rows that are wanted as files of their own, by name. */
  readonly spans: Readonly<Record<string, Span>>;
  /** Folder for the files. */
  readonly out: string;
};

type File = { readonly path: string; readonly rows: number };

/** Where the rows lie and how many they are; null where the log's files moved while they were read: ask again. */
export type Gathered = {
  /** Every labelled row that was ever seen, with its id and event time. */
  readonly all: File;
  readonly spans: Readonly<Record<string, File>>;
} | null;

const MEMORY_BYTES = 512 * 2 ** 20;
const ROW_ID = identifier("causeway.id");
const ROW_AT = identifier("causeway.occurredAt");

/** Joins the prediction log with its truth into rows of a table, in order of event time. */
export const gatherTask = defineTask<GatherOrder>({
  name: "retraining.gather",
  async run(order, { scratch }): Promise<Json> {
    const temporary = join(scratch, "duckdb");
    const duck = await openDuck({ threads: 2, memoryBytes: MEMORY_BYTES, temporary });
    try {
      return await gather(duck, order);
    } catch (error) {
      if (isMoved(error)) return null;
      throw error;
    } finally {
      duck.close();
    }
  },
});

async function gather(duck: Duck, order: GatherOrder): Promise<NonNullable<Gathered>> {
  const { sources, truth, before, shape, named, spans, out } = order;
  const columns = shape.columns.map(({ name }) => identifier(name));
  const name =
    named === null ? "" : ` replace (coalesce(${identifier(named)}, ${ROW_ID}) as ${identifier(named)})`;
  // A truth that was taken back, or that does not fit the column, is none.
  await duck.run(`create table labelled as select *${name} from ${labelledTable(sources, truth, shape)}
    where ${identifier(shape.target)} is not null`);
  if (before !== null) {
    // What the log still has it knows better: a truth may have been taken back. Columns of then that the table has no
    // more fall away, and those that it has since are missing.
    await duck.run(`create table kept as select * from labelled where false
      union all by name select * from ${parquet([before])}`);
    await duck.run(`insert into labelled by name select ${[...columns, ROW_ID, ROW_AT].join(", ")} from kept
      where ${ROW_ID} not in (select id from ${logTable(sources)})`);
  }
  async function write(file: string, what: string, condition: string): Promise<File> {
    const path = join(out, `${file}.parquet`);
    const [counted] = await duck.rows(`select count(*)::double from labelled where ${condition}`);
    await duck.run(`copy (select ${what} from labelled where ${condition} order by ${ROW_AT}, ${ROW_ID})
      to ${literal(path)} (format parquet, compression zstd)`);
    return { path, rows: Number(counted?.[0]) };
  }
  const made: Record<string, File> = {};
  for (const [file, span] of Object.entries(spans))
    made[file] = await write(file, columns.join(", "), within(span));
  return { all: await write("all", "*", "true"), spans: made };
}

function within({ from, until }: Span): string {
  return [
    "true",
    ...(from === null ? [] : [`${ROW_AT} >= ${timestamp(from)}`]),
    ...(until === null ? [] : [`${ROW_AT} < ${timestamp(until)}`]),
  ].join(" and ");
}

function timestamp(iso: string): string {
  return `timestamp ${literal(iso.replace("T", " ").replace("Z", ""))}`;
}
