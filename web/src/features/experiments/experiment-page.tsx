import type { Experiment, SearchKeys } from "@causeway/contract";
import { useQueries } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { lowerIsBetter } from "../../components/chart-series.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go, useGo, useSegment } from "../../components/go.tsx";
import { Loaded, RowsSkeleton, Slowly } from "../../components/loaded.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { ChoiceOf, Tabs } from "../../components/tabs.tsx";
import { useAnswer } from "../../lib/api.ts";
import { call } from "../../lib/client.ts";
import { commandLine } from "../../lib/command-line.ts";
import { toNumber } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { ColumnChooser } from "./column-chooser.tsx";
import { CsvButton } from "./csv-button.tsx";
import { DeletedExperiment, ExperimentAbout } from "./experiment-about.tsx";
import { CURVES } from "./metric-chart.tsx";
import { type Courses, courseKey } from "./run-cell.tsx";
import { columnKey, defaultColumns, orderBy, type RunColumn, readColumn } from "./run-columns.ts";
import { headMetric } from "./run-metrics.ts";
import { RunTable } from "./run-table.tsx";
import { linesOf, NESTED, type RunLine } from "./run-tree.ts";
import { FilterChips, SearchBox } from "./search-box.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { useRunList } from "./use-run-list.ts";
import { queryOf, useRunQuery, viewOf } from "./use-run-query.ts";
import { ViewMenu } from "./view-menu.tsx";

/** The runs of one experiment: searched and ordered by the server, followed as they change. */
export function ExperimentPage() {
  const experiment = useAnswer(["experiments", "getExperiment"], { experiment: useSegment("experiment") });
  return (
    <Loaded answer={experiment} skeleton={<RowsSkeleton columns={6} />}>
      {(known) => <ExperimentView key={known.id} experiment={known} />}
    </Loaded>
  );
}

function ExperimentView({ experiment }: { experiment: Experiment }) {
  const { t } = useWords();
  return (
    <>
      <PageHead title={experiment.name} sub={<BestRun experiment={experiment} />} />
      {experiment.deletedAt === null ? null : <DeletedExperiment experiment={experiment} />}
      <Tabs
        label={experiment.name}
        tabs={[
          ["runs", t("words.runs")],
          ["about", t("runList.about")],
        ]}
      >
        {(open) => {
          switch (open) {
            case "runs":
              return <Runs experiment={experiment} />;
            case "about":
              return <ExperimentAbout experiment={experiment} />;
            default:
              return open satisfies never;
          }
        }}
      </Tabs>
    </>
  );
}

/** The run with the best last value of the metric that the newest runs are judged by. */
function BestRun({ experiment }: { experiment: Experiment }) {
  const { t, format } = useWords();
  const scope = useScope();
  const newest = useAnswer(["experiments", "searchRuns"], { experiments: [experiment.id], limit: 20 });
  const metric = headMetric(newest.data?.items.flatMap(({ metrics }) => metrics) ?? [])?.name;
  const order =
    metric === undefined
      ? []
      : orderBy([
          {
            column: columnKey({ of: "metrics", name: metric, aspect: "last" }),
            descending: !lowerIsBetter(metric),
          },
        ]);
  const best = useAnswer(
    ["experiments", "searchRuns"],
    { experiments: [experiment.id], orderBy: order, limit: 1 },
    { enabled: metric !== undefined },
  );
  const run = metric === undefined ? undefined : best.data?.items[0];
  const value = run?.metrics.find(({ name }) => name === metric)?.last.value;
  return (
    <>
      <span>{t("runList.count", { count: experiment.runs })}</span>
      {run === undefined || value === undefined || metric === undefined ? null : (
        <span>
          {t("experiments.bestIs", { metric, value: format.metric(toNumber(value)) })}{" "}
          <Go to={places.run(scope, run)}>{run.name}</Go>
        </span>
      )}
    </>
  );
}

const NO_KEYS: SearchKeys = { metrics: [], params: [], tags: [] };

/** The table of runs, once it is known whether any of them has others inside. */
function Runs({ experiment }: { experiment: Experiment }) {
  const query = useRunQuery();
  const nested = useAnswer(["experiments", "searchRuns"], {
    experiments: [experiment.id],
    filter: NESTED,
    life: query.life,
    limit: 1,
  });
  if (nested.data === undefined && nested.error === null) {
    return (
      <Slowly>
        <RowsSkeleton columns={6} />
      </Slowly>
    );
  }
  const hasNested = nested.data?.items.length === 1;
  return (
    <RunsView
      experiment={experiment}
      query={query}
      isNested={hasNested && query.filter === "" && query.sort.length === 0}
    />
  );
}

function RunsView({
  experiment,
  query,
  isNested,
}: {
  experiment: Experiment;
  query: ReturnType<typeof useRunQuery>;
  isNested: boolean;
}) {
  const { t, format } = useWords();
  const scope = useScope();
  const go = useGo();
  const keys = useAnswer(["experiments", "listSearchKeys"], { experiment: experiment.id }).data;
  const list = useRunList(experiment.id, query, isNested);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [view, setView] = useState<readonly [first: number, last: number]>([0, 0]);

  const chosenRuns = useMemo(() => [...chosen], [chosen]);
  const lines = useMemo(() => linesOf(list.state, open), [list.state, open]);
  const columns = useColumns(query.columns, lines);
  const courses = useCourses(lines, columns, view);
  const { show } = list;
  const onView = useCallback(
    (first: number, last: number) => {
      show(first, last);
      setView([first, last]);
    },
    [show],
  );
  const onChoose = useCallback(
    (runs: readonly string[], isChosen: boolean) =>
      setChosen((before) => {
        const next = new Set(before);
        for (const run of runs) isChosen ? next.add(run) : next.delete(run);
        return next;
      }),
    [],
  );
  const onFold = useCallback(
    (run: string) =>
      setOpen((before) =>
        before.has(run) ? new Set([...before].filter((id) => id !== run)) : new Set([...before, run]),
      ),
    [],
  );
  const read = list.state.sizes.reduce((sum, size) => sum + size, 0);
  const isUntouched = query.filter === "" && query.life === "active";
  if (isUntouched && list.state.isWhole && read === 0) {
    return (
      <EmptyState
        title={t("experiments.emptyTitle")}
        text={t("experiments.emptyText")}
        command={commandLine(scope, "env")}
      >
        <button type="button" className="link-button" onClick={() => query.change({ life: "deleted" })}>
          {t("runList.showDeleted")}
        </button>
      </EmptyState>
    );
  }
  return (
    <div className="run-list">
      <div className="filters">
        <SearchBox filter={query.filter} keys={keys} onFilter={(filter) => query.change({ filter })} />
        <ChoiceOf
          label={t("runList.life")}
          options={[
            ["active", t("runList.active")],
            ["deleted", t("runList.deleted")],
          ]}
          value={query.life === "deleted" ? "deleted" : "active"}
          onChange={(life) => {
            setChosen(new Set());
            query.change({ life });
          }}
        />
        <span className="right">
          <ColumnChooser
            columns={columns}
            keys={keys}
            onChange={(next) => query.change({ columns: next.map(columnKey) })}
          />
          <ViewMenu
            experiment={experiment.id}
            current={() => viewOf(query)}
            isOfPage={(saved) => saved.view.page["page"] !== "compare"}
            onOpen={(saved) => query.change(queryOf(saved))}
          />
          <CsvButton experiment={experiment} query={query} keys={keys ?? NO_KEYS} />
        </span>
      </div>
      <FilterChips filter={query.filter} onFilter={(filter) => query.change({ filter })} />
      {chosen.size === 0 ? null : (
        <SelectionBar
          chosen={chosenRuns}
          isDeleted={query.life === "deleted"}
          onDone={() => {
            setChosen(new Set());
            list.renew();
          }}
          onClear={() => setChosen(new Set())}
        />
      )}
      {list.newer === 0 ? null : (
        <p className="newer" role="status">
          <button type="button" className="link-button" onClick={list.renew}>
            {t("runList.newer", { count: list.newer })}
          </button>
        </p>
      )}
      {list.state.error === null ? null : <ErrorNote error={list.state.error} retry={list.retry} />}
      {read === 0 ? (
        list.state.isWhole ? (
          <p className="quiet">{t("runList.nothing")}</p>
        ) : list.state.error === null ? (
          <Slowly>
            <RowsSkeleton columns={6} />
          </Slowly>
        ) : null
      ) : (
        <>
          <RunTable
            lines={lines}
            isWhole={list.state.isWhole}
            columns={columns}
            sort={query.sort}
            onSort={query.sortBy}
            chosen={chosen}
            onChoose={onChoose}
            onCompare={() => go(places.compare(scope, [...chosen]))}
            onFold={onFold}
            hasFolds={isNested}
            onView={onView}
            changed={list.changed}
            courses={courses}
          />
          <p className="quiet small" aria-live="polite">
            {list.state.isWhole
              ? t("runList.whole", { count: read })
              : t("runList.read", { read: format.count(read) })}
          </p>
        </>
      )}
    </div>
  );
}

/**
 * The chosen columns, or the usual ones for the first runs that came. Those stay while the page is open, so that no column
 * moves when the rows are ordered anew; they wait for the first metric.
 */
function useColumns(chosen: readonly string[], lines: readonly RunLine[]): RunColumn[] {
  const [usual, setUsual] = useState("");
  useEffect(() => {
    const first = lines.slice(0, 100).flatMap((line) => (line.kind === "run" ? [line.run] : []));
    const now = defaultColumns(first).map(columnKey).join("\n");
    setUsual((before) => (before.includes("metrics.") ? before : now));
  }, [lines]);
  const text = chosen.length > 0 ? chosen.join("\n") : usual;
  return useMemo(
    () =>
      text.split("\n").flatMap((key) => {
        const column = readColumn(key);
        return column === undefined ? [] : [column];
      }),
    [text],
  );
}

/** Lines whose curves are asked for together, and the points of each small curve. */
const CHUNK = 100;
const SMALL = 20;

/** The small curves of the runs in view, where a column shows them. */
function useCourses(
  lines: readonly RunLine[],
  columns: readonly RunColumn[],
  [first, last]: readonly [number, number],
): Courses {
  const scope = useScope();
  const metrics = columns.flatMap((column) =>
    column.of === "metrics" && column.aspect === "course" ? [column.name] : [],
  );
  const chunks =
    metrics.length === 0
      ? []
      : Array.from({ length: Math.floor(last / CHUNK) - Math.floor(first / CHUNK) + 1 }, (_, index) => {
          const chunk = Math.floor(first / CHUNK) + index;
          return lines.flatMap((line) =>
            line.kind === "run" && Math.floor(line.at / CHUNK) === chunk ? [line.run.id] : [],
          );
        }).filter((ids) => ids.length > 0);
  return useQueries({
    queries: chunks.map((ids) => ({
      queryKey: [CURVES, "small", scope, metrics, ids],
      queryFn: () =>
        call(["experiments", "sampleCurves"], { runs: ids.slice(0, 2 * CHUNK), metrics, most: SMALL }, scope),
    })),
    combine: (answers) =>
      new Map(
        answers.flatMap(({ data }) =>
          (data?.curves ?? []).map(
            ({ run, metric, sampled }) =>
              [courseKey(run, metric), sampled.map(({ value }) => toNumber(value))] as const,
          ),
        ),
      ),
  });
}
