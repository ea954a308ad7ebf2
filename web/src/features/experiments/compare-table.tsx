import type { Run } from "@causeway/contract";
import { Select } from "@mantine/core";
import { memo, useMemo } from "react";
import { runLook } from "../../components/chart-series.ts";
import { saveText, toCsv } from "../../components/csv.ts";
import { Go, useView } from "../../components/go.tsx";
import { Section } from "../../components/page-frame.tsx";
import { ChoiceOf } from "../../components/tabs.tsx";
import { decimalsOf } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { type Translate, useWords } from "../../lib/words.tsx";
import {
  COMPARE_GROUPS,
  type CompareRow,
  CURVE_VALUES,
  type CurveValue,
  compareRows,
  RECORD_NAMES,
} from "./run-comparison.ts";

/** Which values of curves are compared, by the word in the address. */
const VALUES: Record<string, readonly CurveValue[]> = {
  usual: ["best", "last"],
  extremes: ["min", "max"],
  all: CURVE_VALUES,
};

/** Runs chosen side by side; more are chosen from a list. */
const MOST_SIDE_BY_SIDE = 6;

/** Runs whose spread is drawn; more would cover each other. */
const MOST_SPREAD = 10;

/** Metrics, params, tags and drivers of runs in columns; equal lines are hidden until asked for. */
export const CompareTable = memo(function CompareTable({ runs }: { runs: readonly Run[] }) {
  const { t } = useWords();
  const scope = useScope();
  const [show, setShow] = useView("show", "differences");
  const [values, setValues] = useView("values", "usual");
  const [baselineId, setBaseline] = useView("baseline", runs[0]?.id.slice(0, 12) ?? "");
  const baseline = runs.find(({ id }) => id.startsWith(baselineId)) ?? runs[0];
  const rows = useMemo(
    () => compareRows(runs, baseline, VALUES[values] ?? VALUES["usual"]),
    [runs, baseline, values],
  );
  const hasSpread = runs.length <= MOST_SPREAD;
  const shown = show === "all" ? rows : rows.filter(({ differs }) => differs);
  const choices = runs.map((run) => [run.id.slice(0, 12), run.name] as const);
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
          {runs.length <= MOST_SIDE_BY_SIDE ? (
            <ChoiceOf
              label={t("experiments.baseline")}
              options={choices}
              value={baseline?.id.slice(0, 12) ?? ""}
              onChange={setBaseline}
            />
          ) : (
            <Select
              aria-label={t("experiments.baseline")}
              size="xs"
              data={choices.map(([value, label]) => ({ value, label }))}
              value={baseline?.id.slice(0, 12) ?? null}
              onChange={(id) => setBaseline(id ?? "")}
              searchable
              comboboxProps={{ shadow: "none" }}
            />
          )}
          <ChoiceOf
            label={t("compare.values")}
            options={[
              ["usual", t("compare.bestLast")],
              ["extremes", t("compare.minMax")],
              ["all", t("shell.all")],
            ]}
            value={values in VALUES ? values : "usual"}
            onChange={setValues}
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
          <button
            type="button"
            className="link-button"
            onClick={() => saveText("compare.csv", compareCsv(runs, rows))}
          >
            {t("shell.csv")}
          </button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region */}
      <section className="scroll compare-table" tabIndex={0} aria-label={t("experiments.differences")}>
        <table className="table compact">
          <thead>
            <tr>
              <th scope="col">
                <span className="unseen">{t("words.name")}</span>
              </th>
              {runs.map((run, index) => {
                const { token, dashed } = runLook(index);
                return (
                  <th key={run.id} scope="col" className="number">
                    <span
                      className={dashed ? "swatch hollow" : "swatch"}
                      style={dashed ? { borderColor: `var(--${token})` } : { background: `var(--${token})` }}
                    />
                    <Go className="ink-link strong" to={places.run(scope, run)}>
                      {run.name}
                    </Go>
                  </th>
                );
              })}
              {hasSpread ? <th scope="col">{t("compare.spread")}</th> : null}
            </tr>
          </thead>
          <tbody>
            {COMPARE_GROUPS.map((group) => (
              <Group
                key={group}
                name={t(`experiments.group.${group}`)}
                rows={shown.filter((row) => row.group === group)}
                runs={runs}
                hasSpread={hasSpread}
              />
            ))}
          </tbody>
        </table>
      </section>
    </Section>
  );
});

function Group({
  name,
  rows,
  runs,
  hasSpread,
}: {
  name: string;
  rows: readonly CompareRow[];
  runs: readonly Run[];
  hasSpread: boolean;
}) {
  const { t, format } = useWords();
  if (rows.length === 0) return null;
  return (
    <>
      <tr className="group">
        <td colSpan={runs.length + (hasSpread ? 2 : 1)}>{name}</td>
      </tr>
      {rows.map((row) => {
        const decimals = decimalsOf(row.cells.map(({ number }) => number)) === 0 ? 0 : 5;
        return (
          <tr key={`${row.group}:${row.name}:${row.aspect ?? ""}`}>
            <td className="second cut">{nameOf(row, t)}</td>
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
            {hasSpread ? (
              <td>
                <Spread row={row} />
              </td>
            ) : null}
          </tr>
        );
      })}
    </>
  );
}

const SPREAD = { width: 120, height: 16, inset: 6 } as const;

/** Where the runs stand between the least and the greatest value of a line; the figures beside it say the same. */
function Spread({ row }: { row: CompareRow }) {
  const points = row.cells.flatMap(({ number, best }, index) =>
    number !== undefined && Number.isFinite(number) ? [{ number, best, index }] : [],
  );
  const low = Math.min(...points.map(({ number }) => number));
  const high = Math.max(...points.map(({ number }) => number));
  if (points.length < 2 || low === high) return null;
  const { width, height, inset } = SPREAD;
  return (
    <svg width={width} height={height} aria-hidden="true">
      <path d={`M${inset} ${height / 2}H${width - inset}`} stroke="var(--line)" />
      {points.map(({ number, best, index }) => (
        <circle
          key={index}
          cx={inset + ((number - low) / (high - low)) * (width - 2 * inset)}
          cy={height / 2}
          r={best ? 5 : 3.5}
          fill={`var(--${runLook(index).token})`}
        />
      ))}
    </svg>
  );
}

function nameOf(row: CompareRow, t: Translate): string {
  if (row.aspect !== undefined) return `${row.name}, ${t(`experiments.${row.aspect}`)}`;
  const record = row.group === "record" ? RECORD_NAMES.find((name) => name === row.name) : undefined;
  return record === undefined ? row.name : t(`experiments.record.${record}`);
}

function compareCsv(runs: readonly Run[], rows: readonly CompareRow[]): string {
  return toCsv(
    ["group", "name", "value", ...runs.map(({ name }) => name)],
    rows.map(({ group, name, aspect, cells }) => [
      group,
      name,
      aspect ?? "",
      ...cells.map(({ number, text }) => number ?? text),
    ]),
  );
}
