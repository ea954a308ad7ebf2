import { literal } from "../../data/index.ts";
import type { LogSources } from "./log-sources.ts";
import { logTable } from "./log-tables.ts";

/** How `asked (n, id)` names rows of the log. */
export type NamedBy = {
  /** Some name a row, some a request, which gives each of its rows. */
  readonly rows: boolean;
  readonly requests: boolean;
  /** The least and greatest request, so that most of a sorted file is skipped. */
  readonly least: string;
  readonly greatest: string;
};

/** Rows (n, id, occurredAt, model, version) of the log that `asked (n, id)` names. */
export function matchById(sources: LogSources, { rows, requests, least, greatest }: NamedBy): string {
  // '/' is the character after '.', which follows the id of a request.
  const within = `id >= ${literal(least)} and id < ${literal(`${greatest}/`)}`;
  const log = `(select id, "occurredAt", model, version from ${logTable(sources)} where ${within})`;
  const found = (condition: string) =>
    `select asked.n, l.id, l."occurredAt", l.model, l.version from asked join ${log} l on ${condition}`;
  return [
    ...(rows ? [found("asked.id = l.id")] : []),
    ...(requests ? [found("asked.id = substr(l.id, 1, 36)")] : []),
  ].join(" union all ");
}

/** The newest row of the log with the key of each of `asked (n, key, occurredAt)` that occurred no later than it. */
export function matchByKey(sources: LogSources): string {
  return `select n, found.id, found."occurredAt", found.model, found.version from (
    select asked.n, max_by(struct_pack(id := l.id, "occurredAt" := l."occurredAt", model := l.model,
      version := l.version), (l."occurredAt", l.id)) as found
    from asked join ${logTable(sources)} l on l.key = asked.key and l."occurredAt" <= asked."occurredAt"
    group by asked.n)`;
}
