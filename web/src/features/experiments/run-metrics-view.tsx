import type { Run } from "@causeway/contract";
import { Elapsed } from "../../components/moment.tsx";
import { Column, Section, SectionHead } from "../../components/page-frame.tsx";
import { decimalsOf } from "../../lib/format.ts";
import { useWords } from "../../lib/words.tsx";
import { CurveControls, useCurveView } from "./curve-controls.tsx";
import { MetricChart } from "./metric-chart.tsx";
import { RunAside } from "./run-aside.tsx";
import { isSystemMetric } from "./run-columns.ts";
import { bestValue, metricNames } from "./run-metrics.ts";

/** Metrics told at the head of the page, and curves drawn before more are asked for. */
const HEADLINES = 3;
const MOST_CURVES = 8;

/** The metrics of a run: the headline values, learning curves, system metrics; beside them what else is known of it. */
export function RunMetrics({ run }: { run: Run }) {
  const { t } = useWords();
  const names = metricNames([run]);
  const own = names.filter((name) => !isSystemMetric(name));
  const system = names.filter(isSystemMetric).sort();
  return (
    <>
      <Headlines run={run} names={own.slice(0, HEADLINES)} />
      <div className="columns open">
        <Column>
          {run.metrics.length === 0 ? (
            <p className="quiet">
              {run.state === "running" ? (
                <>
                  {t("experiments.waitingFirst")} <Elapsed from={run.startedAt} to={null} />
                </>
              ) : (
                t("experiments.noMetrics")
              )}
            </p>
          ) : null}
          <Curves run={run} names={own} title={t("experiments.curves")} />
          {own.length === 0 ? null : <MetricTable run={run} names={own} />}
        </Column>
        <RunAside run={run} />
      </div>
      {system.length === 0 ? null : (
        <Section title={t("runPage.system")} hint={t("runPage.systemHint")}>
          <SystemCurves run={run} names={system} />
        </Section>
      )}
    </>
  );
}

function Headlines({ run, names }: { run: Run; names: readonly string[] }) {
  const { t, format } = useWords();
  if (names.length === 0) return null;
  return (
    <dl className="headlines">
      {names.map((name) => {
        const metric = run.metrics.find((each) => each.name === name);
        if (metric === undefined) return null;
        const decimals = decimalsOf([metric.last.value, metric.min, metric.max]);
        return (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={String(metric.last.value)}>
              <b>{format.metric(metric.last.value, decimals)}</b>{" "}
              {metric.points > 1 ? (
                <span className="quiet">
                  {t("runPage.bestWas", { value: format.metric(bestValue(metric), decimals) })}
                </span>
              ) : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Curves({ run, names, title }: { run: Run; names: readonly string[]; title: string }) {
  const { t } = useWords();
  const { view, zoom } = useCurveView();
  const curves = names.filter((name) =>
    run.metrics.some((metric) => metric.name === name && metric.points > 1),
  );
  if (curves.length === 0) return null;
  return (
    <>
      <SectionHead title={title} />
      <CurveControls />
      <div className="stack">
        {curves.slice(0, MOST_CURVES).map((metric) => (
          <MetricChart key={metric} metric={metric} runs={[run]} view={view} onZoom={zoom} />
        ))}
      </div>
      {curves.length > MOST_CURVES ? (
        <details>
          <summary>{t("runPage.moreCurves", { count: curves.length - MOST_CURVES })}</summary>
          <div className="stack">
            {curves.slice(MOST_CURVES).map((metric) => (
              <MetricChart key={metric} metric={metric} runs={[run]} view={view} onZoom={zoom} />
            ))}
          </div>
        </details>
      ) : null}
    </>
  );
}

/** What was measured on the machine, small and side by side, over the time since the run began. */
function SystemCurves({ run, names }: { run: Run; names: readonly string[] }) {
  const view = {
    across: "relative" as const,
    smoothing: 0,
    log: false,
    from: undefined,
    until: undefined,
  };
  return (
    <div className="small-charts">
      {names.map((metric) => (
        <MetricChart key={metric} metric={metric} runs={[run]} view={view} height={140} />
      ))}
    </div>
  );
}

function MetricTable({ run, names }: { run: Run; names: readonly string[] }) {
  const { t, format } = useWords();
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
    <section className="scroll" tabIndex={0} aria-label={t("words.metrics")}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("words.metric")}</th>
            {(["last", "best", "min", "max", "step"] as const).map((word) => (
              <th key={word} scope="col" className="number">
                {t(`words.${word}`)}
              </th>
            ))}
            <th scope="col" className="number">
              {t("experiments.values")}
            </th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const metric = run.metrics.find((each) => each.name === name);
            if (metric === undefined) return null;
            const decimals = decimalsOf([metric.last.value, metric.min, metric.max]);
            return (
              <tr key={name}>
                <td>
                  <b>{name}</b>
                </td>
                <td className="number" title={String(metric.last.value)}>
                  {format.metric(metric.last.value, decimals)}
                </td>
                <td className="number">{format.metric(bestValue(metric), decimals)}</td>
                <td className="number">{format.metric(metric.min, decimals)}</td>
                <td className="number">{format.metric(metric.max, decimals)}</td>
                <td className="number">{format.count(metric.last.step)}</td>
                <td className="number">{format.count(metric.points)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
