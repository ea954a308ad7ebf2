import type { Column, Json, SignatureInput } from "@causeway/contract";
import {
  type ColumnPlan,
  identifier,
  keptSummary,
  literal,
  openDuck,
  parquet,
  sampleEdges,
  summarizeGroups,
} from "../../data/index.ts";
import type { Truth } from "../judge-classes.ts";
import type { ReferenceProfile } from "../reference-profile.ts";
import type { ModelColumn } from "../signature-inputs.ts";
import { MOST_CATEGORIES } from "../widen-signature.ts";

const MEMORY_BYTES = 256 * 2 ** 20;

/** One row to be judged: the record as JSON text, and what was true. */
export interface EvaluationRow {
  readonly record: string;
  readonly truth: Truth;
}

/** The rows of a dataset version as a model sees them; rows without a target are left out everywhere. */
export type EvaluationRows = Awaited<ReturnType<typeof openEvaluationRows>>;

/** Opens the Parquet files of a version; a stream of rows takes a few megabytes however many there are. */
export async function openEvaluationRows(source: {
  readonly paths: readonly string[];
  readonly schema: readonly Column[];
  readonly target: string;
  /** Where what does not fit into memory goes. */
  readonly temporary: string;
}) {
  const { paths, schema, target } = source;
  const duck = await openDuck({ threads: 1, memoryBytes: MEMORY_BYTES, temporary: source.temporary });
  const typeOf = new Map(schema.map(({ name, type }) => [name, type]));
  const judged = `from ${parquet(paths)} where ${identifier(target)} is not null`;

  async function count(): Promise<{ total: number; judged: number }> {
    const [row] = await duck.rows(
      `select count(*)::double, count(${identifier(target)})::double from ${parquet(paths)}`,
    );
    return { total: Number(row?.[0]), judged: Number(row?.[1]) };
  }

  /** The target's values as text, sorted; at most `limit`. */
  async function targetValues(limit: number): Promise<string[]> {
    const text = `${identifier(target)}::varchar`;
    const rows = await duck.rows(`select distinct ${text} ${judged} order by 1 limit ${limit}`);
    return rows.map(([value]) => String(value));
  }

  /** What the signature says of each column: missing values, range, categories. */
  async function describe(columns: readonly ModelColumn[]): Promise<SignatureInput[]> {
    const facts = columns.flatMap((column) => {
      const value = expression(column);
      const isNumber = column.type === "integer" || column.type === "double";
      return [
        `(count(*) - count(${value}))::double`,
        isNumber ? `min(${value})::double` : "null",
        isNumber ? `max(${value})::double` : "null",
      ];
    });
    const [row = []] = await duck.rows(`select ${facts.join(", ")} ${judged}`);
    const described: SignatureInput[] = [];
    for (const [index, column] of columns.entries()) {
      const [missing, min, max] = row.slice(index * 3, index * 3 + 3);
      const { from = column.name } = column;
      const declared = schema.find(({ name }) => name === from)?.nullable ?? false;
      described.push({
        name: column.name,
        type: column.type,
        nullable: declared || Number(missing) > 0,
        categories: column.type === "string" ? await categories(column) : null,
        range: typeof min === "number" && typeof max === "number" ? { min, max } : null,
      });
    }
    return described;
  }

  async function categories(column: ModelColumn): Promise<string[] | null> {
    const value = expression(column);
    const limit = MOST_CATEGORIES + 1;
    const rows = await duck.rows(
      `select value from (select distinct ${value} as value ${judged} and ${value} is not null limit ${limit}) order by 1`,
    );
    return rows.length === limit ? null : rows.map(([text]) => String(text));
  }

  /** The columns counted, numbers in bins of about equal share: what monitors compare with. */
  async function profile(columns: readonly ModelColumn[]): Promise<ReferenceProfile["columns"]> {
    if (columns.length === 0) return [];
    const values = columns.map((column) => `${expression(column)} as ${identifier(column.name)}`);
    const source = `(select 0 as "group", ${values.join(", ")} ${judged})`;
    const numeric = columns.filter(isNumeric).map(({ name }) => name);
    const { judged: total } = await count();
    const edges = await sampleEdges(duck, { source, columns: numeric, rows: total });
    const plan = columns.map((column) => [column.name, planOf(edges.get(column.name))] as const);
    const [found] = await summarizeGroups(duck, { source, groups: [new Map(plan)] });
    return columns.flatMap(({ name }) => {
      const [summary] = found?.get(name)?.summaries ?? [];
      return summary === undefined ? [] : [{ name, summary: keptSummary(summary) }];
    });
  }

  /** The rows in their stored order. */
  async function* rows(columns: readonly ModelColumn[]): AsyncIterable<EvaluationRow> {
    const members = columns.map((column) => `${literal(column.name)}, ${asJson(column)}`);
    const record = `json_object(${members.join(", ")})::varchar`;
    const result = await duck.stream(`select ${record}, ${truthExpression()} ${judged}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      const [records = [], truths = []] = chunk.getColumns();
      for (const [index, text] of records.entries()) {
        // The query casts the first column to text and the second to one of Truth's types.
        yield { record: text as string, truth: truths[index] as Truth };
      }
    }
  }

  function truthExpression(): string {
    const type = typeOf.get(target);
    if (type === "integer" || type === "double") return `${identifier(target)}::double`;
    return type === "boolean" ? identifier(target) : `${identifier(target)}::varchar`;
  }

  /** A column in the type in which the model takes it; a number that is none is missing. */
  function expression({ name, type, from = name }: ModelColumn): string {
    const column = identifier(from);
    const own = typeOf.get(from);
    switch (type) {
      case "double":
        return `case when isfinite(${column}::double) then ${column}::double end`;
      case "integer":
        return `${column}::bigint`;
      case "boolean":
        return `${column}::boolean`;
      case "string":
        return own === "timestamp" ? `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')` : `${column}::varchar`;
      case "tensor":
        // A dataset has no lists: they are text there.
        return own === "string"
          ? `case when json_valid(${column}) then ${column}::json end`
          : `to_json(${column})`;
      case "json":
        return `to_json(${column})`;
      default:
        return type satisfies never;
    }
  }

  /** The wire writes integers beyond 2^53 as text. */
  function asJson(column: ModelColumn): string {
    const value = expression(column);
    if (column.type !== "integer") return value;
    return `case when abs(${value}) > ${Number.MAX_SAFE_INTEGER} then to_json(${value}::varchar) else to_json(${value}) end`;
  }

  return { count, targetValues, describe, profile, rows, close: duck.close };
}

function isNumeric({ type }: ModelColumn): boolean {
  return type === "integer" || type === "double";
}

/** Numbers are counted in bins; without any, the values are categories, all of which are named as far as there is room. */
function planOf(edges: readonly number[] | undefined): ColumnPlan {
  if (edges !== undefined) return { kind: "numeric", edges: [edges], range: null };
  return { kind: "categorical", named: null, open: true, known: null };
}

/** A record as it was streamed. */
export function parseRecord(text: string): Record<string, Json> {
  // `rows` writes JSON objects only.
  return JSON.parse(text) as Record<string, Json>;
}
