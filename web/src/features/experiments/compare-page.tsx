import { type Run, RunView } from "@causeway/contract";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { memo, useMemo, useState } from "react";
import { lowerIsBetter } from "../../components/chart-series.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go, useView, useViewChange } from "../../components/go.tsx";
import { PictureSkeleton, Slowly } from "../../components/loaded.tsx";
import { PageHead, Section } from "../../components/page-frame.tsx";
import { call } from "../../lib/client.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { CompareArtifacts } from "./compare-artifacts.tsx";
import { CompareTable } from "./compare-table.tsx";
import { CurveControls, useCurveView } from "./curve-controls.tsx";
import { MOST_COLOURED } from "./curve-series.ts";
import { CURVES, MetricChart } from "./metric-chart.tsx";
import { isSystemMetric, readList, writeList } from "./run-columns.ts";
import { bestValue, headMetric, metricNames } from "./run-metrics.ts";
import { MOST_COMPARED } from "./selection-bar.tsx";
import { SweepPlots } from "./sweep-plots.tsx";
import { useRunChanges } from "./use-run-changes.ts";
import { ViewMenu } from "./view-menu.tsx";

/** Curves drawn when nobody chose, and at most. */
const USUAL_CURVES = 4;
const MOST_CURVES = 20;

/** Key of the compared runs in the cache; the first part is not the stage, so that only their own changes make them old. */
const COMPARED = "compared-run";

/** Several runs beside each other: a verdict, the curves, what drives them, and only what differs. Followed while open. */
export function ComparePage() {
  const { t } = useWords();
  const scope = useScope();
  const cache = useQueryClient();
  const [runsText] = useView("runs");
  const ids = useMemo(
    () =>
      [...new Set(runsText.split(",").filter((id) => /^[0-9a-f]{6,32}$/.test(id)))].slice(0, MOST_COMPARED),
    [runsText],
  );
  const { runs, error } = useQueries({
    queries: ids.map((id) => ({
      queryKey: [COMPARED, scope, id],
      queryFn: () => call(["experiments", "getRun"], { run: id }, scope),
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: (answers) => ({
      runs: answers.map(({ data }) => data).filter((run) => run !== undefined),
      error: answers.find((answer) => answer.error !== null)?.error ?? null,
    }),
  });
  useRunChanges([...new Set(runs.map(({ experiment }) => experiment.id))], (changed) => {
    const own = ids.filter((id) => changed.some((run) => run.startsWith(id)));
    if (own.length === 0) return;
    for (const id of own) void cache.invalidateQueries({ queryKey: [COMPARED, scope, id] });
    void cache.invalidateQueries({ queryKey: [CURVES, scope] });
  });
  if (error !== null) return <ErrorNote error={error} />;
  if (ids.length < 2) {
    return (
      <>
        <PageHead title={t("experiments.compare")} />
        <EmptyState title={t("experiments.pickTwo")} text={t("experiments.pickTwoText")}>
          <Go className="button" to={places.stage(scope, "experiments")}>
            {t("stages.experiments")}
          </Go>
        </EmptyState>
      </>
    );
  }
  if (runs.length < ids.length)
    return (
      <Slowly>
        <PictureSkeleton height={400} />
      </Slowly>
    );
  return <Comparison runs={runs} />;
}

const Comparison = memo(function Comparison({ runs }: { runs: readonly Run[] }) {
  const { t } = useWords();
  return (
    <>
      <PageHead
        title={t("experiments.compareTitle", { count: runs.length })}
        sub={<Experiments runs={runs} />}
        actions={<CompareViews />}
      />
      <Verdict runs={runs} />
      <CompareCurves runs={runs} />
      <CompareTable runs={runs} />
      <SweepPlots runs={runs} />
      <CompareArtifacts runs={runs} />
    </>
  );
});

function Experiments({ runs }: { runs: readonly Run[] }) {
  const scope = useScope();
  const byId = new Map(runs.map(({ experiment }) => [experiment.id, experiment]));
  return [...byId.values()].map((experiment) => (
    <Go key={experiment.id} to={places.experiment(scope, experiment)}>
      {experiment.name}
    </Go>
  ));
}

/** What a comparison is kept by: everything in its address. */
const KEPT = [
  "runs",
  "metrics",
  "across",
  "smooth",
  "scale",
  "from",
  "until",
  "baseline",
  "show",
  "values",
  "axes",
  "metric",
  "x",
  "y",
  "artifact",
] as const;

function CompareViews() {
  const set = useViewChange();
  return (
    <ViewMenu
      experiment={null}
      current={() => RunView.parse({ page: currentPage() })}
      isOfPage={({ view }) => view.page["page"] === "compare"}
      onOpen={(view) => set(Object.fromEntries(KEPT.map((name) => [name, view.page[name] ?? ""])))}
    />
  );
}

/** The choices of the address at this moment. */
function currentPage(): Record<string, string> {
  const search = new URLSearchParams(location.search);
  return {
    page: "compare",
    ...Object.fromEntries(KEPT.flatMap((name) => (search.has(name) ? [[name, search.get(name) ?? ""]] : []))),
  };
}

const Verdict = memo(function Verdict({ runs }: { runs: readonly Run[] }) {
  const { t, format } = useWords();
  const judged = headMetric(runs.flatMap(({ metrics }) => metrics))?.name;
  const best = judged === undefined ? undefined : bestOfRuns(runs, judged);
  if (best === undefined || judged === undefined) return null;
  return (
    <p className="note info">
      <b>
        {t("experiments.verdict", {
          run: best.run.name,
          metric: judged,
          value: format.metric(best.value, 5),
        })}
      </b>{" "}
      {t("experiments.verdictSpread", { spread: format.metric(best.spread, 5), count: runs.length })}
    </p>
  );
});

const CompareCurves = memo(function CompareCurves({ runs }: { runs: readonly Run[] }) {
  const { t } = useWords();
  const { view, zoom } = useCurveView();
  const [marked, setMarked] = useState<string>();
  const names = useMemo(() => {
    const withCurve = new Set(
      runs.flatMap(({ metrics }) => metrics.flatMap(({ name, points }) => (points > 1 ? [name] : []))),
    );
    const all = metricNames(runs).filter((name) => withCurve.has(name));
    return [...all.filter((name) => !isSystemMetric(name)), ...all.filter(isSystemMetric)];
  }, [runs]);
  const usual = names.filter((name) => !isSystemMetric(name)).slice(0, USUAL_CURVES);
  const [chosenText, setChosen] = useView("metrics", writeList(usual));
  if (names.length === 0) return null;
  const chosen = readList(chosenText)
    .filter((name) => names.includes(name))
    .slice(0, MOST_CURVES);
  const grey = runs.slice(MOST_COLOURED);
  return (
    <Section open>
      <CurveControls />
      <div className="filters">
        <MetricPicker names={names} chosen={chosen} onChange={(next) => setChosen(writeList(next))} />
        {grey.length === 0 ? null : (
          <label>
            {t("compare.mark")}
            <select
              value={marked ?? ""}
              onChange={(event) => setMarked(event.currentTarget.value || undefined)}
            >
              <option value="">{t("shell.none")}</option>
              {grey.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div className="columns even">
        {chosen.map((metric) => (
          <section key={metric}>
            <MetricChart metric={metric} runs={runs} view={view} marked={marked} onZoom={zoom} />
          </section>
        ))}
      </div>
    </Section>
  );
});

/** Which metrics are drawn; each name is a switch. */
function MetricPicker({
  names,
  chosen,
  onChange,
}: {
  names: readonly string[];
  chosen: readonly string[];
  onChange: (names: readonly string[]) => void;
}) {
  const { t } = useWords();
  return (
    <fieldset className="picker" aria-label={t("compare.curvesOf")}>
      <span className="second small">{t("words.metrics")}</span>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen.includes(name)}
          onClick={() =>
            onChange(
              chosen.includes(name)
                ? chosen.filter((each) => each !== name)
                : names.filter((each) => each === name || chosen.includes(each)),
            )
          }
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

function bestOfRuns(
  runs: readonly Run[],
  metric: string,
): { run: Run; value: number; spread: number } | undefined {
  const values = runs.flatMap((run) => {
    const known = run.metrics.find(({ name }) => name === metric);
    const value = known === undefined ? Number.NaN : bestValue(known);
    return Number.isFinite(value) ? [{ run, value }] : [];
  });
  const ordered = values.sort((a, b) => (lowerIsBetter(metric) ? a.value - b.value : b.value - a.value));
  const first = ordered[0];
  const last = ordered.at(-1);
  if (first === undefined || last === undefined || ordered.length < 2) return undefined;
  return { ...first, spread: Math.abs(first.value - last.value) };
}
