import type { Run } from "@causeway/contract";
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { lowerIsBetter, runLook } from "../../components/chart-series.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go, useView } from "../../components/go.tsx";
import { PictureSkeleton } from "../../components/loaded.tsx";
import { PageHead, Section } from "../../components/page-frame.tsx";
import { ChoiceOf } from "../../components/tabs.tsx";
import { call } from "../../lib/client.ts";
import { decimalsOf } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { type Translate, useWords } from "../../lib/words.tsx";
import { CurveControls, useCurveView } from "./curve-controls.tsx";
import { MetricChart } from "./metric-chart.tsx";
import { type CompareRow, compareRows, RECORD_NAMES } from "./run-comparison.ts";
import { bestValue, headMetric, metricNames } from "./run-metrics.ts";

/** Curves drawn at once; the rest stands in the table. */
const MOST_CURVES = 6;

/** Several runs beside each other: a verdict, the curves, and only what differs. */
export function ComparePage() {
  const { t } = useWords();
  const scope = useScope();
  const [runsText] = useView("runs");
  const ids = useMemo(() => runsText.split(",").filter((id) => /^[0-9a-f]{6,32}$/.test(id)), [runsText]);
  const { runs, error } = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["experiments", "getRun", scope, { run: id }],
      queryFn: () => call(["experiments", "getRun"], { run: id }, scope),
    })),
    combine: (answers) => ({
      runs: answers.map(({ data }) => data).filter((run) => run !== undefined),
      error: answers.find((answer) => answer.error !== null)?.error ?? null,
    }),
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
  if (runs.length < ids.length) return <PictureSkeleton height={400} />;
  return <Comparison runs={runs} />;
}

function Comparison({ runs }: { runs: readonly Run[] }) {
  const { t, format } = useWords();
  const view = useCurveView();
  const names = metricNames(runs);
  const curves = names.filter((name) =>
    runs.some(({ metrics }) => metrics.some((metric) => metric.name === name && metric.points > 1)),
  );
  const judged = headMetric(runs.flatMap(({ metrics }) => metrics))?.name;
  const best = judged === undefined ? undefined : bestOfRuns(runs, judged);
  return (
    <>
      <PageHead title={t("experiments.compareTitle", { count: runs.length })} />
      {best === undefined || judged === undefined ? null : (
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
      )}
      {curves.length === 0 ? null : (
        <Section open>
          <CurveControls />
          <div className="columns even">
            {curves.slice(0, MOST_CURVES).map((metric) => (
              <section key={metric}>
                <MetricChart metric={metric} runs={runs} view={view} />
              </section>
            ))}
          </div>
        </Section>
      )}
      <Differences runs={runs} />
    </>
  );
}

function Differences({ runs }: { runs: readonly Run[] }) {
  const { t } = useWords();
  const scope = useScope();
  const [show, setShow] = useView("show", "differences");
  const [baselineId, setBaseline] = useView("baseline", runs[0]?.id.slice(0, 12) ?? "");
  const baseline = runs.find(({ id }) => id.startsWith(baselineId)) ?? runs[0];
  const rows = compareRows(runs, baseline);
  const shown = show === "all" ? rows : rows.filter(({ differs }) => differs);
  const groups = ["metrics", "params", "record"] as const;
  return (
    <Section
      title={t("experiments.differences")}
      hint={t("experiments.differ", {
        shown: rows.filter(({ differs }) => differs).length,
        all: rows.length,
      })}
      right={
        <>
          <span>{t("experiments.baseline")}</span>
          <ChoiceOf
            label={t("experiments.baseline")}
            options={runs.map((run) => [run.id.slice(0, 12), run.name] as const)}
            value={baseline?.id.slice(0, 12) ?? ""}
            onChange={setBaseline}
          />
          <ChoiceOf
            label={t("experiments.differences")}
            options={[
              ["differences", t("experiments.onlyDifferences")],
              ["all", t("shell.all")],
            ]}
            value={show === "all" ? "all" : "differences"}
            onChange={setShow}
          />
        </>
      }
    >
      <div className="scroll">
        <table className="table compact">
          <thead>
            <tr>
              <th scope="col">
                <span className="unseen">{t("words.name")}</span>
              </th>
              {runs.map((run, index) => {
                const { token } = runLook(index);
                return (
                  <th key={run.id} scope="col" className="number">
                    <span className="swatch" style={{ background: `var(--${token})` }} />
                    <Go className="ink-link strong" to={places.run(scope, run)}>
                      {run.name}
                    </Go>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Group
                key={group}
                name={t(`experiments.group.${group}`)}
                rows={shown.filter((row) => row.group === group)}
                runs={runs}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Group({ name, rows, runs }: { name: string; rows: readonly CompareRow[]; runs: readonly Run[] }) {
  const { t, format } = useWords();
  if (rows.length === 0) return null;
  return (
    <>
      <tr className="group">
        <td colSpan={runs.length + 1}>{name}</td>
      </tr>
      {rows.map((row) => {
        const decimals = decimalsOf(row.cells.map(({ number }) => number)) === 0 ? 0 : 5;
        return (
          <tr key={`${row.group}:${row.name}:${row.aspect ?? ""}`}>
            <td className="second">{nameOf(row, t)}</td>
            {row.cells.map((cell, index) => (
              <td
                key={runs[index]?.id}
                className={cell.differs ? "number differs cut" : "number cut"}
                title={cell.text}
              >
                {cell.best ? <span className="best">{t("experiments.best")}</span> : null}
                {cell.number === undefined ? cell.text : format.metric(cell.number, decimals)}
              </td>
            ))}
          </tr>
        );
      })}
    </>
  );
}

function nameOf(row: CompareRow, t: Translate): string {
  if (row.aspect !== undefined) return `${row.name}, ${t(`experiments.${row.aspect}`)}`;
  const record = row.group === "record" ? RECORD_NAMES.find((name) => name === row.name) : undefined;
  return record === undefined ? row.name : t(`experiments.record.${record}`);
}

function bestOfRuns(
  runs: readonly Run[],
  metric: string,
): { run: Run; value: number; spread: number } | undefined {
  const values = runs.flatMap((run) => {
    const known = run.metrics.find(({ name }) => name === metric);
    return known === undefined ? [] : [{ run, value: bestValue(known) }];
  });
  const ordered = values.sort((a, b) => (lowerIsBetter(metric) ? a.value - b.value : b.value - a.value));
  const first = ordered[0];
  const last = ordered.at(-1);
  if (first === undefined || last === undefined || ordered.length < 2) return undefined;
  return { ...first, spread: Math.abs(first.value - last.value) };
}
