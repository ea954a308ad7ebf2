import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { Progress, TruthColumns } from "@causeway/contract";
import { z } from "zod";
import { defineTask } from "../../../platform/processes/index.ts";
import { type Duck, literal, openDuck, openImportedFile, parquet } from "../../data/index.ts";
import { HELD_MS, type TruthShape } from "../truth-rule.ts";
import { isMoved, type LogSources } from "./log-sources.ts";
import { logTable, timestamp } from "./log-tables.ts";
import { badColumns, CHUNK_ROWS, givenTable, hourSpans, matchedChunk } from "./truth-import-query.ts";

/** What the worker asks of the task. */
export type TruthImportOrder = {
  readonly source:
    | { readonly kind: "file"; readonly path: string; readonly file: string; readonly format: string | null }
    | { readonly kind: "dataset"; readonly paths: readonly string[] };
  readonly columns: TruthColumns;
  readonly sources: LogSources;
  /** What truths of each version look like; `model` null for those whose prediction is not in the log yet. */
  readonly shapes: readonly (TruthShape & { readonly model: string | null; readonly version: number })[];
  /** When the truth counts as recorded. */
  readonly now: string;
  readonly out: string;
};

const BadLine = z.object({
  line: z.int(),
  field: z.string(),
  value: z.string().nullable(),
  reason: z.string(),
});

/** What was read. With bad lines nothing is to be taken. */
const Read = z.object({
  kind: z.literal("read"),
  rows: z.int(),
  badLines: z.object({ total: z.int(), first: z.array(BadLine) }),
  /** Of rows that several lines spoke of, how many lines do not count. */
  replaced: z.int(),
  /** Files of JSON lines: matched rows in chunks as `putTruths` takes them, and truth to be held. */
  matched: z.string(),
  held: z.string(),
  heldRows: z.int(),
  /** Least and greatest event time of the predictions in each hour that was touched, in ms since 1970. */
  hours: z.array(z.tuple([z.number(), z.number()])),
});

/** What became of it: the log's files may have moved while they were read, and the file may be none. */
export const TruthImportOutcome = z.discriminatedUnion("kind", [
  Read,
  z.object({ kind: z.literal("moved") }),
  z.object({ kind: z.literal("unreadable"), reason: z.string() }),
]);
export type TruthImportOutcome = z.infer<typeof TruthImportOutcome>;

const MEMORY_BYTES = 512 * 2 ** 20;
/** Steps of the work, for progress. */
const STEPS = 4;

/** Reads truth in bulk, joins it with the log, and writes what a worker puts into the database; touches files only. */
export const truthImportTask = defineTask<TruthImportOrder>({
  name: "deployments.import-truth",
  async run(order, { scratch, progress }): Promise<TruthImportOutcome> {
    const duck = await openDuck({ threads: 1, memoryBytes: MEMORY_BYTES, temporary: scratch });
    const step = (done: number): void => progress({ done, total: STEPS, unit: "steps" } satisfies Progress);
    try {
      await mkdir(order.out, { recursive: true });
      step(0);
      const unreadable = await whyUnreadable(() => readGiven(duck, order, scratch));
      if (unreadable !== null) return { kind: "unreadable", reason: unreadable };
      step(1);
      await match(duck, order);
      step(2);
      const { total, first } = await findBadLines(duck);
      const matched = join(order.out, "matched.jsonl");
      const held = join(order.out, "held.jsonl");
      const [counted] =
        await duck.rows(`select count(*)::double, count(id)::double, count(distinct id)::double,
        (count(*) filter (where held))::double from joined`);
      const [rows = 0, known = 0, kept = 0, heldRows = 0] = (counted ?? []).map(Number);
      if (total === 0) {
        await writeHeld(duck, held);
        await writeMatched(duck, {
          path: matched,
          isRepeated: kept < known,
          chunks: Math.ceil(kept / CHUNK_ROWS),
        });
      }
      step(3);
      const hours = total === 0 ? await duck.rows(hourSpans()) : [];
      step(STEPS);
      return Read.parse({
        kind: "read",
        rows,
        badLines: { total, first },
        replaced: known - kept,
        matched,
        held,
        heldRows,
        hours,
      });
    } catch (error) {
      if (isMoved(error)) return { kind: "moved" };
      throw error;
    } finally {
      duck.close();
    }
  },
});

/** What DuckDB says of a file that it cannot read, or of a column that is not there. */
async function whyUnreadable(read: () => Promise<void>): Promise<string | null> {
  try {
    await read();
    return null;
  } catch (error) {
    const isFile =
      error instanceof Error &&
      /^(Binder|Invalid Input|Conversion|Parser) Error|CSV Error/.test(error.message);
    if (!isFile) throw error;
    return error.message.split("\n")[0] ?? error.message;
  }
}

/** The table `given`: n (line), name, value, at as text, given_at; `name` is the id or key. */
async function readGiven(
  duck: Duck,
  { source, columns, now }: TruthImportOrder,
  scratch: string,
): Promise<void> {
  if (source.kind === "dataset") {
    await duck.run(givenTable({ table: parquet(source.paths), format: "parquet", columns, now }));
    return;
  }
  const { path, file, format: said } = source;
  // The contract's formats are those of the reader.
  const opened = await openImportedFile({ path, file, format: (said ?? undefined) as never }, scratch);
  const names = [columns.predictionId ?? columns.key ?? "", columns.value, columns.occurredAt ?? ""];
  const types = names.filter((name) => name !== "").map((name) => `${literal(name)}: 'VARCHAR'`);
  const table = {
    parquet: parquet([opened.path]),
    csv: `read_csv(${literal(opened.path)}, header = true, all_varchar = true, nullstr = '')`,
    jsonl: `read_json(${literal(opened.path)}, format = 'newline_delimited', columns = {${types.join(", ")}})`,
  }[opened.format];
  await duck.run(givenTable({ table, format: opened.format, columns, now }));
}

/**
 * The table `joined`: each line with the row of the log that it belongs to. `found` counts them: a request of several rows
 * is named by none of them.
 */
async function match(duck: Duck, { columns, sources, shapes, now }: TruthImportOrder): Promise<void> {
  const shown = shapes.map(({ model, version, task, classes }) => ({ model, version, task, classes }));
  await duck.run(`create table shapes as select one.* from (select unnest(from_json(${literal(JSON.stringify(shown))},
    '[{"model":"VARCHAR","version":"INTEGER","task":"VARCHAR","classes":["VARCHAR"]}]')) as one)`);
  const young = `(epoch_ms(${timestamp(now)}) - requested_ms) < ${HELD_MS}`;
  if (columns.predictionId === undefined) {
    await duck.run(`create table matched as select n, id, "occurredAt" as predicted_at, model, version, 1 as found from (
      select given.n, unnest(max_by(struct_pack(id := l.id, "occurredAt" := l."occurredAt", model := l.model,
        version := l.version), (l."occurredAt", l.id)))
      from given join ${logTable(sources)} l on l.key = given.name and l."occurredAt" <= given.given_at group by given.n)`);
  } else {
    const [whole] = await duck.rows(
      "select coalesce(bool_or(not contains(name, '.')), false) from given where is_id",
    );
    const log = `(select id, "occurredAt", model, version from ${logTable(sources)})`;
    const pick = `given.n, l.id, l."occurredAt" as predicted_at, l.model, l.version`;
    const byRequest =
      whole?.[0] === true
        ? `union all select n, any_value(id), any_value(predicted_at), any_value(model), any_value(version), count(*) as found
           from (select ${pick} from given join ${log} l on substr(l.id, 1, 36) = given.name) group by n`
        : "";
    await duck.run(
      `create table matched as select ${pick}, 1 as found from given join ${log} l on l.id = given.name ${byRequest}`,
    );
  }
  const request = columns.predictionId === undefined ? "m.id" : "coalesce(m.id, given.name)";
  const held = columns.predictionId === undefined ? "false" : `(m.id is null and given.is_id and ${young})`;
  await duck.run(`create table joined as select n, given_at, "at" is not null as timed, m.id, m.predicted_at, m.version,
      ${held} as held, try_cast(substr(${request}, 1, 36) as uuid) as request,
      try_cast(nullif(split_part(${request}, '.', 2), '') as integer) as row,
      case s.task when 'regression' then to_json(try_cast(value as double))::varchar
        else to_json(value)::varchar end as value_text, ${badColumns(columns)}
    from given left join matched m using (n)
    left join shapes s on s.model is not distinct from m.model and (m.model is null or s.version = m.version)`);
  await duck.run("drop table given; drop table matched");
}

async function findBadLines(duck: Duck): Promise<z.infer<typeof Read>["badLines"]> {
  const [count] = await duck.rows("select count(field)::double from joined");
  const rows = await duck.rows(
    "select n, field, bad, reason from joined where field is not null order by n limit 20",
  );
  const first = rows.map(([line, field, value, reason]) =>
    BadLine.parse({ line: Number(line), field, value, reason }),
  );
  return { total: Number(count?.[0]), first };
}

/** Truth of predictions that are not in the log yet, a line each. */
async function writeHeld(duck: Duck, path: string): Promise<void> {
  const file = createWriteStream(path, { mode: 0o600 });
  const rows = await duck.rows(`select to_json({request: request, row: row, value: value_text,
    occurredAt: strftime(given_at, '%Y-%m-%dT%H:%M:%S.%gZ')})::varchar from joined where held order by n`);
  for (const [line] of rows) file.write(`${String(line)}\n`);
  file.end();
  await finished(file);
}

/**
 * Makes `newest`, each row of the log once and in the order of event time, in which the database keeps them too, and
 * writes it in chunks. Of several lines of a row the one that became true last counts.
 */
async function writeMatched(
  duck: Duck,
  { path, isRepeated, chunks }: { path: string; isRepeated: boolean; chunks: number },
): Promise<void> {
  const newestOfRow = "qualify row_number() over (partition by id order by given_at desc, n desc) = 1";
  await duck.run(`create table newest as select request, row, value_text, given_at, timed, predicted_at, version
    from joined where id is not null ${isRepeated ? newestOfRow : ""} order by predicted_at, request, row`);
  const file = createWriteStream(path, { mode: 0o600 });
  for (let chunk = 0; chunk < chunks; chunk++) {
    const [line] = await duck.rows(matchedChunk(chunk));
    if (!file.write(`${String(line?.[0])}\n`)) await once(file, "drain");
  }
  file.end();
  await finished(file);
}
