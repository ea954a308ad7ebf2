import type { Run } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { Texts } from "./tracking.ts";

/** What hangs on a run, as JSON arrays in the order of `SELECT_DETAILS`. */
export type RunDetails = {
  readonly params: Texts | null;
  readonly tags: Texts | null;
  readonly metrics:
    | [
        name: string,
        last: number | string,
        step: number,
        atMs: number,
        min: number | null,
        max: number | null,
        points: number,
      ][]
    | null;
  readonly usage: [attempt: number, cpu: number, memory: number, read: number, written: number][] | null;
  readonly datasets:
    | [name: string, digest: string, sourceType: string, source: string, context: string | null][]
    | null;
  readonly models: [id: string, name: string, direction: "input" | "output", step: number][] | null;
};

const SELECT_DETAILS = sql`
  (select json_object_agg(name, value order by name) from experiments_params where run_key = run.key) as params,
  (select json_object_agg(name, value order by name) from experiments_tags where run_key = run.key) as tags,
  (select json_agg(json_build_array(name, last_value, last_step, last_at_ms, min, max, points) order by name)
    from experiments_metrics where run_key = run.key) as metrics,
  (select json_agg(json_build_array(attempt, cpu_seconds, peak_memory_bytes, read_bytes, written_bytes) order by attempt)
    from experiments_usage where run = run.id) as usage,
  (select json_agg(json_build_array(dataset.name, dataset.digest, dataset.source_type, dataset.source,
      used.tags ->> 'mlflow.data.context') order by used.position)
    from experiments_run_datasets as used join experiments_datasets as dataset on dataset.id = used.dataset
    where used.run_key = run.key) as datasets,
  (select json_agg(json_build_array(model.id, model.name, linked.direction, linked.step) order by linked.position)
    from experiments_run_models as linked join experiments_models as model on model.id = linked.model
    where linked.run_key = run.key) as models`;

/** A point, which is also where a page of points goes on. */
export type PointCursor = { step: number; atMs: number; value: number };

/** Statements on what hangs on a run; each takes any number of rows at once. */
export function runDetailsStore(db: Db | Tx) {
  return {
    /** Details by the key of their run. */
    async load(runs: readonly { key: number }[]): Promise<ReadonlyMap<number, RunDetails>> {
      if (runs.length === 0) return new Map();
      const keys = runs.map(({ key }) => key);
      const { rows } = await sql<RunDetails & { key: number }>`select run.key, ${SELECT_DETAILS}
        from experiments_runs as run where run.key = any(${keys}::bigint[])`.execute(db);
      return new Map(rows.map((row) => [row.key, row]));
    },

    /** The series of a metric; undefined where the run has none of the name. */
    async findSeries(run: number, name: string): Promise<number | undefined> {
      const row = await db
        .selectFrom("experiments_metrics")
        .select("id")
        .where("run_key", "=", run)
        .where("name", "=", name)
        .executeTakeFirst();
      return row?.id;
    },

    listPoints(filter: {
      series: number;
      after: PointCursor | undefined;
      limit: number;
    }): Promise<PointCursor[]> {
      const { after } = filter;
      return db
        .selectFrom("experiments_points")
        .select(["step", "at_ms as atMs", "value"])
        .where("series", "=", filter.series)
        .$if(after !== undefined, (query) =>
          query.where(
            sql<boolean>`(step, at_ms, value) > (${after?.step}, ${after?.atMs}, ${String(after?.value)}::double precision)`,
          ),
        )
        .orderBy("step")
        .orderBy("at_ms")
        .orderBy("value")
        .limit(filter.limit)
        .execute();
    },

    async insertUsage(run: string, usage: Run["usage"][number]): Promise<void> {
      await db
        .insertInto("experiments_usage")
        .values({
          run,
          attempt: usage.attempt,
          cpu_seconds: usage.cpuSeconds,
          peak_memory_bytes: usage.peakMemoryBytes,
          read_bytes: usage.readBytes,
          written_bytes: usage.writtenBytes,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}
