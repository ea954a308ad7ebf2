import type { Run } from "@causeway/contract";
import { MultiSelect, Select } from "@mantine/core";
import { memo, useMemo, useState } from "react";
import { Go, useView } from "../../components/go.tsx";
import { Section } from "../../components/page-frame.tsx";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { ParallelPlot } from "./parallel-plot.tsx";
import { type AxisKey, axisOf, type Brush, isBrushed } from "./plot-axis.ts";
import { differingParams, readList, writeList } from "./run-columns.ts";
import { headMetric, metricNames } from "./run-metrics.ts";
import { ScatterPlot } from "./scatter-plot.tsx";

/** Params drawn when nobody chose. */
const USUAL_AXES = 6;

/** What drives the metric: parallel coordinates over many params, a scatter of any two. */
export const SweepPlots = memo(function SweepPlots({ runs }: { runs: readonly Run[] }) {
  const { t, format } = useWords();
  const scope = useScope();
  const params = useMemo(() => differingParams(runs), [runs]);
  const metrics = useMemo(() => metricNames(runs), [runs]);
  const judged = headMetric(runs.flatMap((run) => run.metrics))?.name ?? "";
  const usual = writeList(params.slice(0, USUAL_AXES));
  const [axesText, setAxes] = useView("axes", usual);
  const [metric, setMetric] = useView("metric", judged);
  const [across, setAcross] = useView("x", params[0] === undefined ? "" : `params.${params[0]}`);
  const [up, setUp] = useView("y", `metrics.${judged}`);
  const [brushes, setBrushes] = useState<ReadonlyMap<string, Brush>>(new Map());
  const [marked, setMarked] = useState<string>();
  const chosen = useMemo(
    () => readList(axesText).filter((name) => params.includes(name)),
    [axesText, params],
  );
  const write = format.plain;
  const axes = useMemo(
    () => [
      ...chosen.map((name) => axisOf(`params.${name}`, runs, write)),
      ...(metrics.includes(metric) ? [axisOf(`metrics.${metric}`, runs, write)] : []),
    ],
    [chosen, metrics, metric, runs, write],
  );
  const inside = runs.filter((run) => isBrushed(run, axes, brushes));
  const keys = useMemo(
    () => [
      ...params.map((name) => ({ value: `params.${name}`, label: name })),
      ...metrics.map((name) => ({ value: `metrics.${name}`, label: name })),
    ],
    [params, metrics],
  );
  const x = keyOf(across, keys);
  const y = keyOf(up, keys);
  if (params.length === 0 || metrics.length === 0) return null;
  return (
    <>
      <Section title={t("compare.parallel")} hint={t("compare.parallelHint")}>
        <div className="filters">
          <MultiSelect
            label={t("words.params")}
            size="xs"
            data={params}
            value={chosen}
            onChange={(names) => setAxes(writeList(names))}
            searchable
            comboboxProps={{ shadow: "none" }}
            maw={560}
          />
          <Select
            label={t("words.metric")}
            size="xs"
            data={metrics}
            value={metric}
            onChange={(name) => setMetric(name ?? judged)}
            searchable
            comboboxProps={{ shadow: "none" }}
          />
          {brushes.size === 0 ? null : (
            <span className="ways">
              <span aria-live="polite">
                {t("compare.inside", { inside: inside.length, all: runs.length })}
              </span>
              {inside.length > 1 && inside.length < runs.length ? (
                <Go
                  className="button little"
                  to={places.compare(
                    scope,
                    inside.map(({ id }) => id),
                  )}
                >
                  {t("compare.onlyThese")}
                </Go>
              ) : null}
              <button type="button" className="link-button" onClick={() => setBrushes(new Map())}>
                {t("compare.noBrush")}
              </button>
            </span>
          )}
        </div>
        <ParallelPlot
          runs={runs}
          axes={axes}
          brushes={brushes}
          onBrush={(axis, brush) =>
            setBrushes((before) => {
              const next = new Map(before);
              if (brush === undefined) next.delete(axis);
              else next.set(axis, brush);
              return next;
            })
          }
          marked={marked}
          onMark={setMarked}
        />
      </Section>
      <Section title={t("compare.scatter")}>
        <div className="filters">
          <Select
            label={t("compare.across")}
            size="xs"
            data={keys}
            value={x ?? null}
            onChange={(key) => setAcross(key ?? "")}
            searchable
            comboboxProps={{ shadow: "none" }}
          />
          <Select
            label={t("compare.up")}
            size="xs"
            data={keys}
            value={y ?? null}
            onChange={(key) => setUp(key ?? "")}
            searchable
            comboboxProps={{ shadow: "none" }}
          />
        </div>
        {x === undefined || y === undefined ? (
          <p className="quiet">{t("compare.pickAxes")}</p>
        ) : (
          <ScatterPlot
            runs={runs}
            across={axisOf(x, runs, write)}
            up={axisOf(y, runs, write)}
            isIn={(run) => isBrushed(run, axes, brushes)}
            marked={marked}
            onMark={setMarked}
          />
        )}
      </Section>
    </>
  );
});

function keyOf(text: string, keys: readonly { value: string }[]): AxisKey | undefined {
  if (!keys.some(({ value }) => value === text)) return undefined;
  if (text.startsWith("params.")) return `params.${text.slice("params.".length)}`;
  return text.startsWith("metrics.") ? `metrics.${text.slice("metrics.".length)}` : undefined;
}
