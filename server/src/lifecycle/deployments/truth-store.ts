import type { Actor, Truth, TruthValue } from "@causeway/contract";
import { sql } from "kysely";
import type { Db, Tx } from "../../platform/database/index.ts";
import type { RowName } from "./truth-rule.ts";

/** A truth of a row that is in the log. */
export type MatchedTruth = RowName & {
  readonly value: TruthValue;
  readonly occurredAt: Date;
  /** Whether the caller said when it became true; where not, the same value again changes nothing. */
  readonly timed: boolean;
  /** Event time of the prediction. */
  readonly predictedAt: Date;
  readonly version: number;
};

/** A truth whose prediction is not in the log yet; without a row the only one of the request is meant. */
export type HeldTruth = {
  readonly request: string;
  readonly row: number | null;
  readonly value: TruthValue;
  readonly occurredAt: Date;
};

/** Held truth as it is stored. */
export type StoredHeldTruth = HeldTruth & { readonly batch: number; readonly heldAt: Date };

/** What became of truths that were put: the others were new. */
export type Put = { readonly unchanged: number; readonly corrected: number };

/** Matched truths as columns: arrays, or the text of PostgreSQL arrays. Values are JSON text. */
export type TruthArrays = Record<
  "requests" | "rows" | "values" | "occurredAt" | "timed" | "predictedAt" | "versions",
  string | readonly unknown[]
>;

/** First key of the advisory lock under which one writer at a time changes the truth of a deployment. */
const TRUTH_LOCK = 7_420_011;

/** Statements on truth. */
export function truthStore(db: Db | Tx) {
  return {
    /** Held until the transaction's end. */
    async lockTruth(deployment: number): Promise<void> {
      await sql`select pg_advisory_xact_lock(${TRUTH_LOCK}, ${deployment})`.execute(db);
    },

    async insertBatch(batch: { deployment: number; at: Date; by: Actor }): Promise<number> {
      const { id } = await db
        .insertInto("deployments_truth_batches")
        .values({
          deployment: batch.deployment,
          recorded_at: batch.at,
          recorded_by: JSON.stringify(batch.by),
        })
        .returning("id")
        .executeTakeFirstOrThrow();
      return id;
    },

    /** Makes these truths the newest of their rows; what they replace becomes history. Each row is named once. */
    async putTruths(into: { deployment: number; batch: number }, truths: TruthArrays): Promise<Put> {
      const { rows } = await sql<Put>`
        with given as (
          select request, row, value::jsonb as value, occurred_at, timed, predicted_at, version
          from unnest(${truths.requests}::uuid[], ${truths.rows}::int[], ${truths.values}::text[],
            ${truths.occurredAt}::timestamptz[], ${truths.timed}::boolean[], ${truths.predictedAt}::timestamptz[],
            ${truths.versions}::int[]) as g (request, row, value, occurred_at, timed, predicted_at, version)
        ), known as (
          select t.*, t.value is not distinct from g.value
            and (not g.timed or t.occurred_at = g.occurred_at) as same
          from given g join deployments_truths t
            on t.deployment = ${into.deployment} and t.request = g.request and t.row = g.row
        ), replaced as (
          insert into deployments_truth_history (deployment, request, row, batch, value, occurred_at)
          select deployment, request, row, batch, value, occurred_at from known where not same
        ), put as (
          insert into deployments_truths as held
            (deployment, request, row, batch, value, occurred_at, predicted_at, version)
          select ${into.deployment}, request, row, ${into.batch}, value, occurred_at, predicted_at, version
          from given where (request, row) not in (select request, row from known where same)
          on conflict (deployment, request, row) do update set batch = excluded.batch, value = excluded.value,
            occurred_at = excluded.occurred_at, predicted_at = excluded.predicted_at, version = excluded.version
        )
        select count(*) filter (where same) as unchanged, count(*) filter (where not same) as corrected
        from known`.execute(db);
      return rows[0] ?? { unchanged: 0, corrected: 0 };
    },

    /** Keeps truths until their predictions come; the newest of a row counts. */
    async holdTruths(
      into: { deployment: number; batch: number },
      truths: readonly HeldTruth[],
    ): Promise<void> {
      if (truths.length === 0) return;
      await sql`
        insert into deployments_held_truths (deployment, request, row, batch, value, occurred_at)
        select ${into.deployment}, request, row, ${into.batch}, value::jsonb, occurred_at
        from unnest(${truths.map(({ request }) => request)}::uuid[], ${truths.map(({ row }) => row)}::int[],
          ${truths.map(({ value }) => valueText(value))}::text[],
          ${truths.map(({ occurredAt }) => occurredAt)}::timestamptz[]) as g (request, row, value, occurred_at)
        on conflict (deployment, request, row) do update set batch = excluded.batch, value = excluded.value,
          occurred_at = excluded.occurred_at`.execute(db);
    },

    /** Deployments that hold truth. */
    async listHolding(): Promise<number[]> {
      const rows = await db
        .selectFrom("deployments_held_truths")
        .select("deployment")
        .distinct()
        .orderBy("deployment")
        .execute();
      return rows.map(({ deployment }) => deployment);
    },

    async listHeld(deployment: number, limit: number): Promise<StoredHeldTruth[]> {
      return db
        .selectFrom("deployments_held_truths as held")
        .innerJoin("deployments_truth_batches as batch", "batch.id", "held.batch")
        .select([
          "held.request",
          "held.row",
          "held.value",
          "held.batch",
          "held.occurred_at as occurredAt",
          "batch.recorded_at as heldAt",
        ])
        .where("held.deployment", "=", deployment)
        .orderBy("held.request")
        .limit(limit)
        .execute();
    },

    async deleteHeld(
      deployment: number,
      held: readonly { request: string; row: number | null }[],
    ): Promise<void> {
      if (held.length === 0) return;
      await sql`delete from deployments_held_truths held
        using unnest(${held.map(({ request }) => request)}::uuid[], ${held.map(({ row }) => row)}::int[]) as g (request, row)
        where held.deployment = ${deployment} and held.request = g.request and held.row is not distinct from g.row`.execute(
        db,
      );
    },

    /** The newest truth of each of these rows that has one. */
    async findTruths(deployment: number, rows: readonly RowName[]): Promise<(RowName & Truth)[]> {
      if (rows.length === 0) return [];
      const found = await sql<StoredTruth>`
        select t.request, t.row, t.value, t.occurred_at as "occurredAt", b.recorded_at as "recordedAt",
          b.recorded_by as "recordedBy"
        from unnest(${rows.map(({ request }) => request)}::uuid[], ${rows.map(({ row }) => row)}::int[]) as g (request, row)
        join deployments_truths t on t.deployment = ${deployment} and t.request = g.request and t.row = g.row
        join deployments_truth_batches b on b.id = t.batch`.execute(db);
      return found.rows.map(truthOf);
    },

    /** Everything that was said of one row, newest first. */
    async listTruths(deployment: number, { request, row }: RowName): Promise<Truth[]> {
      const { rows } = await sql<StoredTruth>`
        select said.request, said.row, said.value, said.occurred_at as "occurredAt", b.recorded_at as "recordedAt",
          b.recorded_by as "recordedBy"
        from (
          select request, row, value, occurred_at, batch from deployments_truths
          where deployment = ${deployment} and request = ${request} and row = ${row}
          union all
          select request, row, value, occurred_at, batch from deployments_truth_history
          where deployment = ${deployment} and request = ${request} and row = ${row}
        ) said join deployments_truth_batches b on b.id = said.batch
        order by said.batch desc`.execute(db);
      return rows.map(truthOf).map(({ request: _request, row: _row, ...truth }) => truth);
    },

    /** How much is known. The lag is that of the newest predictions that are labelled, at most `sample` of them. */
    async countTruths(deployment: number, sample: number): Promise<TruthCounts> {
      const { rows } = await sql<TruthCounts>`
        with newest as (
          select extract(epoch from occurred_at - predicted_at)::float8 as lag from deployments_truths
          where deployment = ${deployment} and value is not null order by predicted_at desc limit ${sample}
        )
        select count(*) filter (where value is not null) as labelled, max(occurred_at) as "lastOccurredAt",
          (select percentile_disc(0.5) within group (order by lag) from newest) as "lagP50",
          (select percentile_disc(0.95) within group (order by lag) from newest) as "lagP95",
          (select count(*) from deployments_held_truths where deployment = ${deployment}) as held
        from deployments_truths where deployment = ${deployment}`.execute(db);
      const [row] = rows;
      if (row === undefined) throw new Error("an aggregate always returns a row");
      return row;
    },

    /**
     * The next lines of a CSV without header: id, value as text, occurred at, recorded at, by the prediction's event time.
     * The database writes the text: the rows of a large export never become objects here.
     */
    async exportLines(page: {
      deployment: number;
      from: Date | null;
      until: Date | null;
      after: ExportPosition | null;
      limit: number;
    }): Promise<{ lines: string; rows: number; last: ExportPosition | null }> {
      const { after } = page;
      const { rows } = await sql<{
        lines: string | null;
        rows: number;
        predictedAt: Date | null;
        request: string | null;
        row: number | null;
      }>`
        with chosen as (
          select t.*, b.recorded_at, row_number() over (order by predicted_at, request, row) as place
          from deployments_truths t join deployments_truth_batches b on b.id = t.batch
          where t.deployment = ${page.deployment}
            and (${page.from}::timestamptz is null or predicted_at >= ${page.from}::timestamptz)
            and (${page.until}::timestamptz is null or predicted_at < ${page.until}::timestamptz)
            and (${after === null} or (predicted_at, request, row) > (${after?.predictedAt ?? null}::timestamptz,
              ${after?.request ?? null}::uuid, ${after?.row ?? null}::int))
          order by predicted_at, request, row limit ${page.limit}
        )
        select string_agg(request || '.' || row || ',"' || replace(value #>> '{}', '"', '""') || '",'
            || to_char(occurred_at at time zone 'UTC', ${CSV_TIME}) || ','
            || to_char(recorded_at at time zone 'UTC', ${CSV_TIME}), E'\n' order by place)
            filter (where value is not null) as lines,
          count(value) as rows,
          (array_agg(predicted_at order by place desc))[1] as "predictedAt",
          (array_agg(request order by place desc))[1]::text as request, (array_agg(row order by place desc))[1] as row
        from chosen`.execute(db);
      const [found] = rows;
      if (found === undefined || found.predictedAt === null || found.request === null || found.row === null)
        return { lines: "", rows: 0, last: null };
      const { predictedAt, request, row } = found;
      const lines = found.lines === null ? "" : `${found.lines}\n`;
      return { lines, rows: found.rows, last: { predictedAt, request, row } };
    },

    /** Forgets truth of predictions before a time, with its history; answers of how many rows. */
    async deleteBefore(deployment: number, before: Date): Promise<number> {
      await sql`delete from deployments_truth_history history using deployments_truths t
        where t.deployment = ${deployment} and t.predicted_at < ${before} and history.deployment = t.deployment
          and history.request = t.request and history.row = t.row`.execute(db);
      const { numDeletedRows } = await db
        .deleteFrom("deployments_truths")
        .where("deployment", "=", deployment)
        .where("predicted_at", "<", before)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/** Where an export goes on. */
export type ExportPosition = RowName & { readonly predictedAt: Date };

/** What is known of a deployment's truth as a whole. */
export type TruthCounts = {
  readonly labelled: number;
  readonly held: number;
  readonly lastOccurredAt: Date | null;
  readonly lagP50: number | null;
  readonly lagP95: number | null;
};

const CSV_TIME = "YYYY-MM-DD HH24:MI:SS.MS";

type StoredTruth = RowName & {
  readonly value: TruthValue;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly recordedBy: Actor;
};

function truthOf({ occurredAt, recordedAt, ...rest }: StoredTruth): RowName & Truth {
  return { ...rest, occurredAt: occurredAt.toISOString(), recordedAt: recordedAt.toISOString() };
}

/** Truths as the columns that `putTruths` takes. */
export function truthArrays(truths: readonly MatchedTruth[]): TruthArrays {
  return {
    requests: truths.map(({ request }) => request),
    rows: truths.map(({ row }) => row),
    values: truths.map(({ value }) => valueText(value)),
    occurredAt: truths.map(({ occurredAt }) => occurredAt),
    timed: truths.map(({ timed }) => timed),
    predictedAt: truths.map(({ predictedAt }) => predictedAt),
    versions: truths.map(({ version }) => version),
  };
}

/** JSON text; what was taken back is null in the database, not JSON's null. */
function valueText(value: TruthValue): string | null {
  return value === null ? null : JSON.stringify(value);
}
