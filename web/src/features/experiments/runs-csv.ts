import type { Run, SearchKeys } from "@causeway/contract";
import { csvRows, toCsv } from "../../components/csv.ts";
import { madeBy } from "./run-columns.ts";

const FIXED = ["id", "name", "state", "startedAt", "endedAt", "user"] as const;

/** The head of a CSV of runs, and each page of it as text: all metrics (last value), params and tags by name. */
export function runsCsv(keys: SearchKeys): { head: string; rows: (runs: readonly Run[]) => string } {
  const { metrics, params, tags } = keys;
  return {
    head: toCsv(
      [
        ...FIXED,
        ...metrics.map((name) => `metrics.${name}`),
        ...params.map((name) => `params.${name}`),
        ...tags.map((name) => `tags.${name}`),
      ],
      [],
    ),
    rows: (runs) =>
      csvRows(
        runs.map((run) => {
          const last = new Map(run.metrics.map((metric) => [metric.name, metric.last.value]));
          return [
            run.id,
            run.name,
            run.state,
            run.startedAt,
            run.endedAt,
            madeBy(run),
            ...metrics.map((name) => last.get(name)),
            ...params.map((name) => run.params[name]),
            ...tags.map((name) => run.tags[name]),
          ];
        }),
      ),
  };
}
