import { type FieldGroup, parseOrder, printField, type Run, SearchError } from "@causeway/contract";
import type { SortKey } from "../../components/table-sort.ts";
import { toNumber } from "../../lib/format.ts";
import { bestValue, metricNames } from "./run-metrics.ts";

/** What a column of runs can be about, in the words of the search grammar. */
export const COLUMN_KINDS = ["attributes", "metrics", "params", "tags"] as const;
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** Which value of a metric's curve a column shows; `course` draws the curve itself, small. */
export const ASPECTS = ["last", "min", "max", "best", "course"] as const;
export type Aspect = (typeof ASPECTS)[number];

/** The groups of the grammar, by kind. */
const GROUPS = {
  attributes: "attribute",
  metrics: "metric",
  params: "param",
  tags: "tag",
} as const satisfies Record<ColumnKind, FieldGroup>;

/** Facts of a run that are neither metric, param nor tag. Those that can be searched are named as in the grammar. */
export const ATTRIBUTES = ["status", "user_id", "start_time", "end_time", "duration", "run_id"] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** Attributes that the search orders by. */
const ORDERED: ReadonlySet<string> = new Set(["run_name", "status", "user_id", "start_time", "end_time"]);

/** One column of a table of runs. */
export type RunColumn =
  | { of: "attributes"; name: Attribute }
  | { of: "metrics"; name: string; aspect: Aspect }
  | { of: "params"; name: string }
  | { of: "tags"; name: string };

/** The column of a run's name, by its key; it always stands first. */
export const NAME_KEY = "attributes.run_name";

/** Metric and param columns shown when nobody chose. */
const MOST_METRICS = 4;
const MOST_PARAMS = 3;

/** Writes a column for the address and for saved views: `metrics.auc`, `metrics.loss@min`, `params.depth`. */
export function columnKey(column: RunColumn): string {
  const text = `${column.of}.${column.name}`;
  if (column.of !== "metrics") return text;
  return column.aspect === "last" && aspectIn(column.name) === undefined ? text : `${text}@${column.aspect}`;
}

/** Reads a column; undefined where the text names none. */
export function readColumn(text: string): RunColumn | undefined {
  const dot = text.indexOf(".");
  const of = COLUMN_KINDS.find((kind) => kind === text.slice(0, dot));
  const name = text.slice(dot + 1);
  if (of === undefined || name === "") return undefined;
  switch (of) {
    case "attributes": {
      const attribute = ATTRIBUTES.find((known) => known === name);
      return attribute === undefined ? undefined : { of, name: attribute };
    }
    case "metrics": {
      const aspect = aspectIn(name);
      return aspect === undefined
        ? { of, name, aspect: "last" }
        : { of, name: name.slice(0, -aspect.length - 1), aspect };
    }
    case "params":
    case "tags":
      return { of, name };
    default:
      return of satisfies never;
  }
}

function aspectIn(name: string): Aspect | undefined {
  return ASPECTS.find((aspect) => name.endsWith(`@${aspect}`) && name.length > aspect.length + 1);
}

/** Writes names for the address, where a comma parts them. */
export function writeList(names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(name)).join(",");
}

/** Reads names that `writeList` wrote; a part that cannot be read is left out. */
export function readList(text: string): string[] {
  return text.split(",").flatMap((part) => {
    try {
      return part === "" ? [] : [decodeURIComponent(part)];
    } catch {
      return [];
    }
  });
}

/** The columns of a table when nobody chose: state, the judged metrics, the params that tell the runs apart, times. */
export function defaultColumns(runs: readonly Run[]): RunColumn[] {
  return [
    { of: "attributes", name: "status" },
    ...metricNames(runs)
      .filter((name) => !isSystemMetric(name))
      .slice(0, MOST_METRICS)
      .map((name): RunColumn => ({ of: "metrics", name, aspect: "last" })),
    ...differingParams(runs)
      .slice(0, MOST_PARAMS)
      .map((name): RunColumn => ({ of: "params", name })),
    { of: "attributes", name: "duration" },
    { of: "attributes", name: "start_time" },
  ];
}

/** Whether a metric was measured on the machine and not on the model. */
export function isSystemMetric(name: string): boolean {
  return name.startsWith("system/");
}

/** Params that tell the runs apart. */
export function differingParams(runs: readonly Run[]): string[] {
  const names = [...new Set(runs.flatMap(({ params }) => Object.keys(params)))].sort();
  return names.filter((name) => new Set(runs.map(({ params }) => params[name])).size > 1);
}

/** The number in a metric's column; undefined where the run has no such metric or the column draws its curve. */
export function metricValue(run: Run, { name, aspect }: RunColumn & { of: "metrics" }): number | undefined {
  const metric = run.metrics.find((each) => each.name === name);
  if (metric === undefined) return undefined;
  switch (aspect) {
    case "last":
      return toNumber(metric.last.value);
    case "min":
      return toNumber(metric.min);
    case "max":
      return toNumber(metric.max);
    case "best":
      return bestValue(metric);
    case "course":
      return undefined;
    default:
      return aspect satisfies never;
  }
}

/** Who ran it, as the client said; else whose token it was. */
export function madeBy({ user, createdBy }: Pick<Run, "user" | "createdBy">): string {
  return user === "" ? createdBy.name : user;
}

/** What the search orders a column by; undefined where it cannot: the course, the extremes, the duration. */
export function orderOf(key: string): string | undefined {
  if (key === NAME_KEY) return "run_name";
  const column = readColumn(key);
  if (column === undefined) return undefined;
  if (column.of === "attributes" && !ORDERED.has(column.name)) return undefined;
  if (column.of === "metrics" && column.aspect !== "last") return undefined;
  return printField({ group: GROUPS[column.of], key: column.name }, "runs");
}

/** The order of the search for the sorted headers, the strongest first. */
export function orderBy(sort: readonly SortKey[]): string[] {
  return sort.flatMap(({ column, descending }) => {
    const order = orderOf(column);
    return order === undefined ? [] : [`${order} ${descending ? "DESC" : "ASC"}`];
  });
}

/** The sorted headers of an order; a term that no column shows is left out. */
export function readOrder(order: readonly string[]): SortKey[] {
  return order.flatMap((text) => {
    try {
      const { field, ascending } = parseOrder(text, { entity: "runs" });
      const of = COLUMN_KINDS.find((kind) => GROUPS[kind] === field.group);
      return of === undefined ? [] : [{ column: `${of}.${field.key}`, descending: !ascending }];
    } catch (error) {
      if (error instanceof SearchError) return [];
      throw error;
    }
  });
}
