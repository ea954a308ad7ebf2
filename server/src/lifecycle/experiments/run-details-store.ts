import type { Run, RunArtifact } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { MetricSummary, Point } from "./metric-summary.ts";

/** Params, tags, metrics and usage of runs, each with the run that it belongs to. */
export type RunDetails = {
  params: { run: string; name: string; value: string }[];
  tags: { run: string; name: string; value: string }[];
  metrics: {
    run: string;
    name: string;
    lastValue: number;
    lastStep: number;
    lastAt: Date;
    min: number | null;
    max: number | null;
    points: number;
  }[];
  usage: ({ run: string } & Run["usage"][number])[];
};

/** Where a page of points goes on. */
export type PointCursor = { step: number; occurredAt: Date; position: number };

/** Statements on what hangs on a run; each takes any number of rows at once. */
export function runDetailsStore(db: Db | Tx) {
  return {
    async load(runs: readonly string[]): Promise<RunDetails> {
      if (runs.length === 0) return { params: [], tags: [], metrics: [], usage: [] };
      const pairs = (table: "experiments_params" | "experiments_tags") =>
        db
          .selectFrom(table)
          .select(["run", "name", "value"])
          .where("run", "in", runs)
          .orderBy("name")
          .execute();
      const metrics = db
        .selectFrom("experiments_metrics")
        .select([
          "run",
          "name",
          "last_value as lastValue",
          "last_step as lastStep",
          "last_at as lastAt",
          "min",
          "max",
          "points",
        ])
        .where("run", "in", runs)
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
        .where("run", "in", runs)
        .orderBy("attempt")
        .execute();
      return {
        params: await pairs("experiments_params"),
        tags: await pairs("experiments_tags"),
        metrics: await metrics,
        usage: await usage,
      };
    },

    /** Keeps params that are new; answers what each of the names holds now. */
    async insertParams(
      run: string,
      params: Readonly<Record<string, string>>,
    ): Promise<{ name: string; value: string }[]> {
      const names = Object.keys(params).sort();
      await db
        .insertInto("experiments_params")
        .values(names.map((name) => ({ run, name, value: params[name] ?? "" })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return db
        .selectFrom("experiments_params")
        .select(["name", "value"])
        .where("run", "=", run)
        .where("name", "in", names)
        .execute();
    },

    async upsertTags(run: string, tags: Readonly<Record<string, string>>): Promise<void> {
      await db
        .insertInto("experiments_tags")
        .values(
          Object.keys(tags)
            .sort()
            .map((name) => ({ run, name, value: tags[name] ?? "" })),
        )
        .onConflict((conflict) =>
          conflict.columns(["run", "name"]).doUpdateSet((set) => ({ value: set.ref("excluded.value") })),
        )
        .execute();
    },

    async insertPoints(run: string, points: readonly Point[]): Promise<void> {
      await sql`
        insert into experiments_points (run, name, step, occurred_at, value)
        select ${run}, point.name, point.step, point.occurred_at, point.value
        from unnest(
          ${points.map(({ name }) => name)}::text[],
          ${points.map(({ step }) => step)}::bigint[],
          ${points.map(({ occurredAt }) => occurredAt.toISOString())}::timestamptz[],
          ${points.map(({ value }) => String(value))}::double precision[]
        ) as point (name, step, occurred_at, value)`.execute(db);
    },

    /** Joins what a batch says of each metric with what is known of it. */
    async mergeMetrics(run: string, summaries: readonly MetricSummary[]): Promise<void> {
      await db
        .insertInto("experiments_metrics")
        .values(
          summaries.map(({ name, last, min, max, points }) => ({
            run,
            name,
            last_value: last.value,
            last_step: last.step,
            last_at: last.occurredAt,
            min,
            max,
            points,
          })),
        )
        .onConflict((conflict) => {
          const later = sql<boolean>`(excluded.last_step, excluded.last_at) >=
            (experiments_metrics.last_step, experiments_metrics.last_at)`;
          return conflict.columns(["run", "name"]).doUpdateSet({
            last_value: sql`case when ${later} then excluded.last_value else experiments_metrics.last_value end`,
            last_step: sql`case when ${later} then excluded.last_step else experiments_metrics.last_step end`,
            last_at: sql`case when ${later} then excluded.last_at else experiments_metrics.last_at end`,
            // least and greatest pass over nulls, which stand for "nothing finite yet".
            min: sql`least(experiments_metrics.min, excluded.min)`,
            max: sql`greatest(experiments_metrics.max, excluded.max)`,
            points: sql`experiments_metrics.points + excluded.points`,
          });
        })
        .execute();
    },

    listPoints(filter: {
      run: string;
      name: string;
      after: PointCursor | undefined;
      limit: number;
    }): Promise<{ step: number; occurredAt: Date; position: number; value: number }[]> {
      const { after } = filter;
      return db
        .selectFrom("experiments_points")
        .select(["step", "occurred_at as occurredAt", "position", "value"])
        .where("run", "=", filter.run)
        .where("name", "=", filter.name)
        .$if(after !== undefined, (query) =>
          query.where(
            sql<boolean>`(step, occurred_at, position) > (${after?.step}, ${after?.occurredAt}, ${after?.position})`,
          ),
        )
        .orderBy("step")
        .orderBy("occurred_at")
        .orderBy("position")
        .limit(filter.limit)
        .execute();
    },

    async upsertArtifact(run: string, artifact: RunArtifact): Promise<void> {
      const { path, digest, bytes } = artifact;
      await db
        .insertInto("experiments_artifacts")
        .values({ run, path, digest, bytes })
        .onConflict((conflict) => conflict.columns(["run", "path"]).doUpdateSet({ digest, bytes }))
        .execute();
    },

    findArtifact(run: string, path: string): Promise<RunArtifact | undefined> {
      return db
        .selectFrom("experiments_artifacts")
        .select(["path", "digest", "bytes"])
        .where("run", "=", run)
        .where("path", "=", path)
        .executeTakeFirst();
    },

    listArtifacts(run: string, after: string | undefined, limit: number): Promise<RunArtifact[]> {
      return db
        .selectFrom("experiments_artifacts")
        .select(["path", "digest", "bytes"])
        .where("run", "=", run)
        .$if(after !== undefined, (query) => query.where("path", ">", after ?? ""))
        .orderBy("path")
        .limit(limit)
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
