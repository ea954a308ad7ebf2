import { mkdir, readdir, rename, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";

/** About 16 MB each, as a gateway closes them. */
const SEGMENT_ROWS = 40_000;
const LONG_AGO = new Date("2026-01-01T00:00:00Z");

/** Predictions as a gateway that served for long would have left them; texts are SQL in which `i` is the row. */
export type LoggedStream = {
  readonly deployment: string;
  readonly rows: number;
  /** Time of the first prediction, and from one to the next. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly record: string;
  readonly prediction: string;
  readonly key: string;
};

/** SQL of the id of the i-th prediction: a UUIDv7 of its time. */
export function predictionId(i: string, { startMs, stepMs }: Pick<LoggedStream, "startMs" | "stepMs">) {
  const hex = `lpad(lower(to_hex(${startMs}::bigint + ${i} * ${stepMs})), 12, '0')`;
  return `substr(${hex}, 1, 8) || '-' || substr(${hex}, 9, 4) || '-7000-8000-' || lpad(${i}::varchar, 12, '0')`;
}

/** SQL of the time of the i-th prediction. */
export function predictionTime(i: string, { startMs, stepMs }: Pick<LoggedStream, "startMs" | "stepMs">) {
  return `strftime(make_timestamp((${startMs}::bigint + ${i} * ${stepMs}) * 1000), '%Y-%m-%dT%H:%M:%S.%gZ')`;
}

/** Writes closed files of a gateway's spool; each appears whole. */
export async function fillSpool(
  stream: LoggedStream,
  { dataDir, folder }: { dataDir: string; folder: string },
) {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const spool = spoolOf(dataDir);
  await mkdir(spool, { recursive: true });
  const { deployment, rows, record, prediction, key } = stream;
  const time = predictionTime("i", stream);
  for (let from = 0; from < rows; from += SEGMENT_ROWS) {
    const found = await connection.runAndReadAll(`select ${predictionId(String(from), stream)}`);
    const first = String(found.getRows()[0]?.[0]);
    const growing = join(folder, `${first}.jsonl`);
    await connection.run(`copy (select ${predictionId("i", stream)} || '.0' as id, 'default' as project,
        'dev' as environment, '${deployment}' as deployment, 1 as revision, '${deployment}' as model, 1 as version,
        ${time} as occurredAt, ${time} as receivedAt, 0.25 as latencyMs, ${key} as key, ${record} as record,
        ${prediction} as prediction, 'bench' as gateway
      from range(${from}, ${Math.min(rows, from + SEGMENT_ROWS)}) r(i)) to '${growing}' (format json)`);
    // Few segments wait for more, unless they have waited for long.
    await utimes(growing, LONG_AGO, LONG_AGO);
    await rename(growing, join(spool, `${first}.closed.jsonl`));
  }
  connection.closeSync();
}

/** Waits until compaction took every file; answers the seconds. */
export async function compacted(dataDir: string): Promise<number> {
  const startedAt = performance.now();
  while ((await readdir(spoolOf(dataDir))).length > 0) await pause(200);
  return (performance.now() - startedAt) / 1000;
}

function spoolOf(dataDir: string): string {
  return join(dataDir, "spool", "bench");
}
