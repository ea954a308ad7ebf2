import type { Run } from "@causeway/contract";
import { memo } from "react";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { Spark } from "../../components/spark.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { runStatus } from "../../components/work-status.ts";
import { useWords } from "../../lib/words.tsx";
import { type Attribute, madeBy, metricValue, type RunColumn } from "./run-columns.ts";

/** Curves of the runs in view, by run and metric. */
export type Courses = ReadonlyMap<string, readonly number[]>;

/** The key of a curve among those in view. */
export function courseKey(run: string, metric: string): string {
  return `${run} ${metric}`;
}

/** One value of a run in the table. */
export const RunCell = memo(function RunCell({
  run,
  column,
  decimals,
  course,
}: {
  run: Run;
  column: RunColumn;
  decimals: number;
  course: readonly number[] | undefined;
}) {
  const { format } = useWords();
  switch (column.of) {
    case "metrics": {
      if (column.aspect === "course")
        return course === undefined ? null : <Spark values={course} width={92} token="s1" />;
      const value = metricValue(run, column);
      return value === undefined ? null : <span title={String(value)}>{format.metric(value, decimals)}</span>;
    }
    case "params":
      return <span title={run.params[column.name]}>{run.params[column.name]}</span>;
    case "tags":
      return <span title={run.tags[column.name]}>{run.tags[column.name]}</span>;
    case "attributes":
      return <AttributeCell run={run} name={column.name} />;
    default:
      return column satisfies never;
  }
});

function AttributeCell({ run, name }: { run: Run; name: Attribute }) {
  const { t } = useWords();
  switch (name) {
    case "status":
      return <StatusWord status={runStatus(run.state)}>{t(`runState.${run.state}`)}</StatusWord>;
    case "user_id":
      return madeBy(run);
    case "start_time":
      return <Moment at={run.startedAt} />;
    case "end_time":
      return run.endedAt === null ? null : <Moment at={run.endedAt} />;
    case "duration":
      return <Elapsed from={run.startedAt} to={run.endedAt} />;
    case "run_id":
      return <code>{run.id.slice(0, 8)}</code>;
    default:
      return name satisfies never;
  }
}
