import { sql } from "kysely";
import type { Db, Tx } from "../../../platform/database/index.ts";
import type { Texts } from "../tracking.ts";
import type { Assessment, Span, TraceState } from "./trace.ts";
import type { TraceOutline } from "./trace-outline.ts";
import { searchable, withoutNul } from "./trace-text.ts";

/** A row of a trace with the number of its experiment. */
export type StoredTrace = {
  readonly id: string;
  readonly experiment: number;
  readonly clientRequestId: string | null;
  readonly state: TraceState;
  readonly requestAtMs: number;
  readonly durationMs: number | null;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  readonly artifactUri: string;
};

/** A trace to write. */
export type NewTrace = Omit<StoredTrace, "experiment"> & {
  readonly project: string;
  readonly experimentKey: number;
};

type TextKind = "tag" | "metadata";

/** Statements on traces; every row is of one project. */
export function traceStore(db: Db | Tx) {
  return {
    findExperiment(
      project: string,
      number: number,
    ): Promise<{ key: number; number: number; location: string | null; deletedAt: Date | null } | undefined> {
      return db
        .selectFrom("experiments_experiments")
        .select(["key", "number", "artifact_location as location", "deleted_at as deletedAt"])
        .where("project", "=", project)
        .where("number", "=", number)
        .executeTakeFirst();
    },

    async hasRun(project: string, run: string): Promise<boolean> {
      const row = await db
        .selectFrom("experiments_runs")
        .select("id")
        .where("project", "=", project)
        .where("id", "=", run)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Writes a trace; one whose spans came first takes what its client says of it. */
    async upsert(trace: NewTrace): Promise<void> {
      const row = {
        client_request_id: trace.clientRequestId,
        state: trace.state,
        request_at_ms: trace.requestAtMs,
        duration_ms: trace.durationMs,
        request_preview: trace.requestPreview,
        response_preview: trace.responsePreview,
      };
      await db
        .insertInto("experiments_traces")
        .values({
          project: trace.project,
          id: trace.id,
          experiment_key: trace.experimentKey,
          artifact_uri: trace.artifactUri,
          ...row,
        })
        .onConflict((conflict) =>
          conflict.columns(["project", "id"]).doUpdateSet((set) => ({
            ...row,
            client_request_id: sql`coalesce(excluded.client_request_id, experiments_traces.client_request_id)`,
            request_preview: sql`coalesce(excluded.request_preview, experiments_traces.request_preview)`,
            response_preview: sql`coalesce(excluded.response_preview, experiments_traces.response_preview)`,
            duration_ms: sql`coalesce(excluded.duration_ms, experiments_traces.duration_ms)`,
            state: set.ref("excluded.state"),
          })),
        )
        .execute();
    },

    /** What spans say of a trace; where its client has told how it ended, that stays. */
    async upsertOutline(
      {
        project,
        experimentKey,
        artifactUri,
      }: { project: string; experimentKey: number; artifactUri: string },
      outline: TraceOutline,
    ): Promise<void> {
      const { id, state, startMs, durationMs, requestPreview, responsePreview } = outline;
      await sql`insert into experiments_traces as trace
          (project, id, experiment_key, state, request_at_ms, duration_ms, request_preview, response_preview, artifact_uri)
        values (${project}, ${id}, ${experimentKey}, ${state}, ${startMs}, ${durationMs}, ${requestPreview},
          ${responsePreview}, ${artifactUri})
        on conflict (project, id) do update set
          state = excluded.state,
          request_at_ms = least(trace.request_at_ms, excluded.request_at_ms),
          duration_ms = greatest(trace.request_at_ms + trace.duration_ms, excluded.request_at_ms + excluded.duration_ms)
            - least(trace.request_at_ms, excluded.request_at_ms),
          request_preview = coalesce(trace.request_preview, excluded.request_preview),
          response_preview = coalesce(trace.response_preview, excluded.response_preview)
        where trace.state = 'in-progress'`.execute(db);
    },

    async upsertTexts(
      { project, trace, kind }: { project: string; trace: string; kind: TextKind },
      texts: Texts,
    ): Promise<void> {
      const names = Object.keys(texts).sort();
      if (names.length === 0) return;
      await db
        .insertInto("experiments_trace_texts")
        .values(names.map((name) => ({ project, trace, kind, name, value: texts[name] ?? "" })))
        .onConflict((conflict) =>
          conflict
            .columns(["project", "trace", "kind", "name"])
            .doUpdateSet((set) => ({ value: set.ref("excluded.value") })),
        )
        .execute();
    },

    /** Removes a tag; says whether there was one. */
    async deleteTag(project: string, trace: string, name: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom("experiments_trace_texts")
        .where("project", "=", project)
        .where("trace", "=", trace)
        .where("kind", "=", "tag")
        .where("name", "=", name)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    async upsertSpans(project: string, spans: readonly Span[]): Promise<void> {
      await db
        .insertInto("experiments_spans")
        .values(
          spans.map(({ trace, id, parent, name, type, status, startNs, endNs, content, attributes }) => ({
            project,
            trace,
            id,
            parent,
            name: withoutNul(name),
            type: type === null ? null : withoutNul(type),
            status,
            start_ns: startNs,
            end_ns: endNs,
            content: JSON.stringify(content),
            attributes: JSON.stringify(searchable(attributes)),
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(["project", "trace", "id"]).doUpdateSet((set) => ({
            parent: set.ref("excluded.parent"),
            name: set.ref("excluded.name"),
            type: set.ref("excluded.type"),
            status: set.ref("excluded.status"),
            start_ns: set.ref("excluded.start_ns"),
            end_ns: set.ref("excluded.end_ns"),
            content: set.ref("excluded.content"),
            attributes: set.ref("excluded.attributes"),
          })),
        )
        .execute();
    },

    find(project: string, ids: readonly string[]): Promise<StoredTrace[]> {
      return traces()
        .where("trace.project", "=", project)
        .where("trace.id", "in", [...ids])
        .execute();
    },

    listTexts(
      project: string,
      ids: readonly string[],
    ): Promise<{ trace: string; kind: TextKind; name: string; value: string }[]> {
      return db
        .selectFrom("experiments_trace_texts")
        .select(["trace", "kind", "name", "value"])
        .where("project", "=", project)
        .where("trace", "in", [...ids])
        .orderBy("name")
        .execute();
    },

    listSpans(
      project: string,
      ids: readonly string[],
    ): Promise<{ trace: string; content: Record<string, unknown> }[]> {
      return db
        .selectFrom("experiments_spans")
        .select(["trace", "content"])
        .where("project", "=", project)
        .where("trace", "in", [...ids])
        .orderBy("start_ns")
        .orderBy("id")
        .execute();
    },

    listAssessments(project: string, ids: readonly string[]): Promise<Assessment[]> {
      return db
        .selectFrom("experiments_assessments")
        .select(["id", "trace", "name", "valid", "content"])
        .where("project", "=", project)
        .where("trace", "in", [...ids])
        .orderBy("created_at")
        .orderBy("id")
        .execute();
    },

    async insertRuns(project: string, run: string, ids: readonly string[]): Promise<void> {
      await db
        .insertInto("experiments_trace_runs")
        .columns(["project", "trace", "run"])
        .expression(
          db
            .selectFrom("experiments_traces")
            .select(["project", "id", sql<string>`${run}`.as("run")])
            .where("project", "=", project)
            .where("id", "in", [...ids]),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /** Removes traces of an experiment: those of these ids, or the oldest until a time. */
    async delete(
      { project, experimentKey }: { project: string; experimentKey: number },
      which: { ids: readonly string[] } | { untilMs: number; most: number | undefined },
    ): Promise<string[]> {
      const scope = sql`project = ${project} and experiment_key = ${experimentKey}`;
      const chosen =
        "ids" in which
          ? sql`${scope} and id = any(${[...which.ids]}::text[])`
          : sql`project = ${project} and id in (
              select id from experiments_traces where ${scope} and request_at_ms <= ${which.untilMs}
              order by request_at_ms, id limit ${which.most ?? null})`;
      const { rows } = await sql<{
        id: string;
      }>`delete from experiments_traces where ${chosen} returning id`.execute(db);
      return rows.map(({ id }) => id);
    },
  };

  function traces() {
    return db
      .selectFrom("experiments_traces as trace")
      .innerJoin("experiments_experiments as experiment", "experiment.key", "trace.experiment_key")
      .select([
        "trace.id",
        "experiment.number as experiment",
        "trace.client_request_id as clientRequestId",
        "trace.state",
        "trace.request_at_ms as requestAtMs",
        "trace.duration_ms as durationMs",
        "trace.request_preview as requestPreview",
        "trace.response_preview as responsePreview",
        "trace.artifact_uri as artifactUri",
      ]);
  }
}
