import type { Run } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";

/** Params, tags, metrics and usage of runs, each with the run that it belongs to. */
export type RunDetails = {
  params: { run: number; name: string; value: string }[];
  tags: { run: number; name: string; value: string }[];
  metrics: {
    run: number;
    name: string;
    lastValue: number;
    lastStep: number;
    lastAtMs: number;
    min: number | null;
    max: number | null;
    points: number;
  }[];
  usage: ({ run: string } & Run["usage"][number])[];
};

/** A point, which is also where a page of points goes on. */
export type PointCursor = { step: number; atMs: number; value: number };

/** Statements on what hangs on a run; each takes any number of rows at once. */
export function runDetailsStore(db: Db | Tx) {
  return {
    async load(runs: readonly { id: string; key: number }[]): Promise<RunDetails> {
      if (runs.length === 0) return { params: [], tags: [], metrics: [], usage: [] };
      const keys = runs.map(({ key }) => key);
      const pairs = (table: "experiments_params" | "experiments_tags") =>
        db
          .selectFrom(table)
          .select(["run_key as run", "name", "value"])
          .where("run_key", "in", keys)
          .orderBy("name")
          .execute();
      const metrics = db
        .selectFrom("experiments_metrics")
        .select([
          "run_key as run",
          "name",
          "last_value as lastValue",
          "last_step as lastStep",
          "last_at_ms as lastAtMs",
          "min",
          "max",
          "points",
        ])
        .where("run_key", "in", keys)
        .orderBy("name")
        .execute();
      const usage = db
        .selectFrom("experiments_usage")
        .select([
          "run",
          "attempt",
          "cpu_seconds as cpuSeconds",
          "peak_memory_bytes as peakMemoryBytes",
          "read_bytes as readBytes",
          "written_bytes as writtenBytes",
        ])
        .where(
          "run",
          "in",
          runs.map(({ id }) => id),
        )
        .orderBy("attempt")
        .execute();
      return {
        params: await pairs("experiments_params"),
        tags: await pairs("experiments_tags"),
        metrics: await metrics,
        usage: await usage,
      };
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
