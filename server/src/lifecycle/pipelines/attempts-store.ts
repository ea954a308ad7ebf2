import type { Attempt, LogLine } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";

/** An attempt at a step of a pipeline run. */
export type AttemptRow = Omit<Attempt, "startedAt" | "endedAt" | "run"> & {
  readonly run: string;
  readonly step: string;
  readonly experimentRun: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
};

/** A log line before it has its position. */
export type NewLogLine = Pick<LogLine, "step" | "attempt" | "stream" | "text"> & { readonly at: Date };

/** How an attempt ended. */
export type AttemptEnd = Pick<Attempt, "exitCode" | "problem" | "usage"> & {
  readonly state: Exclude<Attempt["state"], "running">;
};

/** Statements on attempts and logs. */
export function attemptsStore(db: Db | Tx) {
  return {
    async list(runs: readonly string[]): Promise<AttemptRow[]> {
      if (runs.length === 0) return [];
      return db
        .selectFrom("pipelines_attempts")
        .select([
          "run",
          "step",
          "number",
          "state",
          "worker",
          "experiment_run as experimentRun",
          "started_at as startedAt",
          "ended_at as endedAt",
          "exit_code as exitCode",
          "problem",
          "usage",
        ])
        .where("run", "in", runs)
        .orderBy("number")
        .execute();
    },

    async insert(attempt: {
      run: string;
      step: string;
      number: number;
      worker: string;
      mark: string;
      experimentRun: string | null;
      startedAt: Date;
    }): Promise<void> {
      await db
        .insertInto("pipelines_attempts")
        .values({
          run: attempt.run,
          step: attempt.step,
          number: attempt.number,
          state: "running",
          worker: attempt.worker,
          mark: attempt.mark,
          experiment_run: attempt.experimentRun,
          started_at: attempt.startedAt,
        })
        .execute();
    },

    async end(place: { run: string; step: string; number: number }, end: AttemptEnd): Promise<void> {
      await db
        .updateTable("pipelines_attempts")
        .set({
          state: end.state,
          exit_code: end.exitCode,
          problem: end.problem,
          usage: end.usage === null ? null : JSON.stringify(end.usage),
          ended_at: sql<Date>`clock_timestamp()`,
        })
        .where("run", "=", place.run)
        .where("step", "=", place.step)
        .where("number", "=", place.number)
        .execute();
    },

    /** Attempts that are still open: their worker died, or they are being ended. */
    async listOpen(
      run: string,
      step: string,
    ): Promise<{ number: number; mark: string; experimentRun: string | null }[]> {
      return db
        .selectFrom("pipelines_attempts")
        .select(["number", "mark", "experiment_run as experimentRun"])
        .where("run", "=", run)
        .where("step", "=", step)
        .where("state", "=", "running")
        .execute();
    },

    async lastNumber(run: string, step: string): Promise<number> {
      const row = await db
        .selectFrom("pipelines_attempts")
        .select(sql<number>`coalesce(max(number), 0)`.as("number"))
        .where("run", "=", run)
        .where("step", "=", step)
        .executeTakeFirstOrThrow();
      return row.number;
    },

    /** Appends lines; the run's row is locked for their positions, so that no reader sees a later line before an earlier one. */
    async appendLogs(run: string, lines: readonly NewLogLine[]): Promise<void> {
      if (lines.length === 0) return;
      const { position } = await db
        .updateTable("pipelines_runs")
        .set((column) => ({ log_position: column("log_position", "+", lines.length) }))
        .where("id", "=", run)
        .returning("log_position as position")
        .executeTakeFirstOrThrow();
      const first = position - lines.length + 1;
      await sql`insert into pipelines_logs (run, position, step, attempt, stream, at, text)
        select ${run}::uuid, ${first}::bigint + line.ordinality - 1, line.step, line.attempt, line.stream, line.at, line.text
        from unnest(${lines.map(({ step }) => step)}::text[], ${lines.map(({ attempt }) => attempt)}::int[],
          ${lines.map(({ stream }) => stream)}::text[], ${lines.map(({ at }) => at.toISOString())}::timestamptz[],
          ${lines.map(({ text }) => text)}::text[]) with ordinality
          as line (step, attempt, stream, at, text, ordinality)`.execute(db);
    },

    async listLogs(filter: {
      run: string;
      after: number;
      limit: number;
      step?: string | undefined;
    }): Promise<LogLine[]> {
      let query = db
        .selectFrom("pipelines_logs")
        .select(["position", "step", "attempt", "stream", "at", "text"])
        .where("run", "=", filter.run)
        .where("position", ">", filter.after)
        .orderBy("position")
        .limit(filter.limit);
      if (filter.step !== undefined) query = query.where("step", "=", filter.step);
      const rows = await query.execute();
      return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
    },
  };
}
