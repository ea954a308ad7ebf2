import type { Run } from "@causeway/contract";
import { Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import { saveText, toCsv } from "../../components/csv.ts";
import { DataTable, type TableColumn } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go, useGo, useSegment, useView } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { runStatus } from "../../components/work-status.ts";
import { useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { decimalsOf, toNumber } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { bestRun, filterProblems, filterRuns, metricNames } from "./run-metrics.ts";

/** Metric and param columns shown beside the fixed ones. */
const MOST_METRICS = 4;
const MOST_PARAMS = 3;

/** The runs of one experiment: the best value and its run first, then the table with filter and comparison. */
export function ExperimentPage() {
  const { t, format } = useWords();
  const scope = useScope();
  const name = useSegment("experiment");
  const runs = useAnswer(["experiments", "listRuns"], { experiment: name, limit: 1000 });
  const items = runs.data?.items ?? [];
  const best = bestRun(items);
  return (
    <>
      <PageHead
        title={items[0]?.experiment.name ?? name}
        sub={
          best === undefined ? undefined : (
            <>
              <span>
                {t("experiments.bestIs", { metric: best.metric, value: format.metric(best.value) })}
              </span>
              <Go to={places.run(scope, best.run)}>{best.run.name}</Go>
            </>
          )
        }
      />
      <Loaded answer={runs} skeleton={<RowsSkeleton columns={6} />}>
        {(known) =>
          known.items.length === 0 ? (
            <EmptyState
              title={t("experiments.emptyTitle")}
              text={t("experiments.emptyText")}
              command={commandLine(scope, "env")}
            />
          ) : (
            <RunTable runs={known.items} name={name} />
          )
        }
      </Loaded>
    </>
  );
}

function RunTable({ runs, name }: { runs: readonly Run[]; name: string }) {
  const { t, format } = useWords();
  const scope = useScope();
  const go = useGo();
  const [filter, setFilter] = useView("filter");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const problems = filterProblems(filter);
  const shown = filterRuns(runs, filter);
  const metrics = metricNames(runs).slice(0, MOST_METRICS);
  const params = differingParams(runs).slice(0, MOST_PARAMS);
  const toggle = (id: string) =>
    setChosen((before) => (before.includes(id) ? before.filter((each) => each !== id) : [...before, id]));

  const columns: TableColumn<Run>[] = [
    {
      key: "choose",
      title: "",
      hidden: t("experiments.compare"),
      cell: (run) => (
        <Checkbox
          size="xs"
          aria-label={t("experiments.choose", { run: run.name })}
          checked={chosen.includes(run.id)}
          onClick={(event) => event.stopPropagation()}
          onChange={() => toggle(run.id)}
        />
      ),
    },
    {
      key: "name",
      title: t("words.name"),
      sort: (run) => run.name,
      cell: (run) => (
        <Go className="ink-link strong" to={places.run(scope, run)}>
          {run.name}
        </Go>
      ),
    },
    {
      key: "state",
      title: t("words.state"),
      sort: ({ state }) => state,
      cell: ({ state }) => <StatusWord status={runStatus(state)}>{t(`runState.${state}`)}</StatusWord>,
    },
    ...metrics.map((metric): TableColumn<Run> => {
      const decimals = decimalsOf(runs.map((run) => lastOf(run, metric)));
      return {
        key: `metric:${metric}`,
        title: metric,
        number: true,
        sort: (run) => lastOf(run, metric),
        cell: (run) => {
          const value = lastOf(run, metric);
          return value === undefined ? (
            ""
          ) : (
            <span title={String(value)}>{format.metric(value, decimals)}</span>
          );
        },
      };
    }),
    ...params.map(
      (param): TableColumn<Run> => ({
        key: `param:${param}`,
        title: param,
        number: true,
        minor: true,
        className: "cut",
        sort: (run) => run.params[param],
        cell: (run) => run.params[param] ?? "",
      }),
    ),
    {
      key: "took",
      title: t("words.took"),
      number: true,
      sort: (run) => (run.endedAt === null ? undefined : Date.parse(run.endedAt) - Date.parse(run.startedAt)),
      cell: (run) => <Elapsed from={run.startedAt} to={run.endedAt} />,
    },
    {
      key: "started",
      title: t("words.started"),
      number: true,
      sort: ({ startedAt }) => startedAt,
      cell: ({ startedAt }) => <Moment at={startedAt} />,
    },
  ];
  return (
    <>
      <div className="filters">
        <TextInput
          data-filter
          aria-label={t("shell.filter")}
          placeholder={t("experiments.filterHint")}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          error={
            problems.length === 0 ? undefined : t("experiments.filterProblem", { part: problems[0] ?? "" })
          }
          w={360}
          maw="100%"
        />
        <span className="quiet">{t("experiments.shown", { shown: shown.length, all: runs.length })}</span>
        <button
          type="button"
          className="link-button"
          onClick={() => saveText(`${name}-runs.csv`, runsCsv(shown))}
        >
          {t("shell.csv")}
        </button>
        <button
          type="button"
          className="button little"
          disabled={chosen.length < 2}
          onClick={() => go(places.compare(scope, chosen))}
        >
          {chosen.length < 2
            ? t("experiments.compareHint")
            : t("experiments.compareChosen", { count: chosen.length })}
        </button>
      </div>
      <DataTable
        label={t("words.runs")}
        rows={shown}
        rowKey={({ id }) => id}
        open={(run) => places.run(scope, run)}
        columns={columns}
      />
    </>
  );
}

function lastOf(run: Run, metric: string): number | undefined {
  const value = run.metrics.find(({ name }) => name === metric)?.last.value;
  return value === undefined ? undefined : toNumber(value);
}

/** Params that tell the runs apart. */
function differingParams(runs: readonly Run[]): string[] {
  const names = [...new Set(runs.flatMap(({ params }) => Object.keys(params)))].sort();
  return names.filter((name) => new Set(runs.map(({ params }) => params[name])).size > 1);
}

function runsCsv(runs: readonly Run[]): string {
  const metrics = metricNames(runs);
  const params = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].sort();
  return toCsv(
    ["id", "name", "state", "startedAt", "endedAt", ...metrics, ...params],
    runs.map((run) => [
      run.id,
      run.name,
      run.state,
      run.startedAt,
      run.endedAt,
      ...metrics.map((metric) => run.metrics.find(({ name }) => name === metric)?.last.value),
      ...params.map((param) => run.params[param]),
    ]),
  );
}
