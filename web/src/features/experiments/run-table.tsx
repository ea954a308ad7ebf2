import type { Run } from "@causeway/contract";
import { Checkbox } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, useEffect, useMemo, useState } from "react";
import { Go, useGo } from "../../components/go.tsx";
import type { SortKey } from "../../components/table-sort.ts";
import { useWidth } from "../../components/use-width.ts";
import { decimalsOf } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { type Scope, useScope } from "../../lib/scope.ts";
import { type Translate, useWords } from "../../lib/words.tsx";
import { type Courses, courseKey, RunCell } from "./run-cell.tsx";
import { columnKey, metricValue, NAME_KEY, orderOf, type RunColumn } from "./run-columns.ts";
import type { RunLine } from "./run-tree.ts";

const ROW_HEIGHT = { comfortable: 36, standard: 32, compact: 26 } as const;
/** Lines drawn beyond those in view. */
const OVERSCAN = 10;
/** Runs that the decimals of a column are chosen by. */
const DECIMALS_OF = 200;
const WIDTHS = { choose: 32, name: 220, number: 104, text: 120, time: 116, course: 112 };
/** On a phone the name and the state leave room for a first number. */
const NARROW_WIDTHS = { ...WIDTHS, name: 128, text: 92 };
const NARROW = 600;

/** The table of runs: only lines in view are drawn, and rows are asked for as far as is scrolled. */
export function RunTable({
  lines,
  isWhole,
  columns,
  sort,
  onSort,
  chosen,
  onChoose,
  onCompare,
  onFold,
  hasFolds,
  onView,
  changed,
  courses,
}: {
  lines: readonly RunLine[];
  /** Whether there are no lines after the last. */
  isWhole: boolean;
  columns: readonly RunColumn[];
  sort: readonly SortKey[];
  onSort: (column: string, add: boolean) => void;
  chosen: ReadonlySet<string>;
  onChoose: (runs: readonly string[], isChosen: boolean) => void;
  onCompare: () => void;
  onFold: (run: string) => void;
  hasFolds: boolean;
  /** Told which rows of the list are in view. */
  onView: (first: number, last: number) => void;
  changed: ReadonlySet<string>;
  courses: Courses;
}) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const [element, setElement] = useState<HTMLElement | null>(null);
  const inner = useWidth(element);
  const widths = inner > 0 && inner < NARROW ? NARROW_WIDTHS : WIDTHS;
  const [cursor, setCursor] = useState(-1);
  const density = document.documentElement.dataset["density"];
  const height = ROW_HEIGHT[density === "comfortable" || density === "compact" ? density : "standard"] ?? 32;
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => element,
    estimateSize: () => height,
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const first = lines[items[0]?.index ?? 0]?.at ?? 0;
  const lastIndex = items.at(-1)?.index ?? -1;
  // The end of what is known asks for one row more, which brings the next page.
  const last =
    (lines[lastIndex]?.at ?? 0) + (!isWhole && lastIndex >= lines.length - OVERSCAN ? OVERSCAN + 1 : 0);
  useEffect(() => onView(first, last), [first, last, onView]);

  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const runs = useMemo(() => lines.flatMap((line) => (line.kind === "run" ? [line.run] : [])), [lines]);
  const decimals = useMemo(() => {
    const sample = runs.slice(0, DECIMALS_OF);
    return columns
      .map((column) =>
        column.of === "metrics" ? decimalsOf(sample.map((run) => metricValue(run, column))) : 0,
      )
      .join(",");
  }, [runs, columns]);
  const isAllChosen = runs.length > 0 && runs.every(({ id }) => chosen.has(id));
  const width =
    widths.choose + widths.name + columns.reduce((sum, column) => sum + widthOf(column, widths), 0);

  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    const line = lines[cursor];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(lines.length - 1, cursor + step));
      setCursor(next);
      virtual.scrollToIndex(next);
    } else if (event.key === "c" && chosen.size > 1) onCompare();
    else if (line?.kind !== "run") return;
    else if (event.key === "Enter") go(places.run(scope, line.run));
    else if (event.key === "x" || event.key === " ") {
      event.preventDefault();
      onChoose([line.run.id], !chosen.has(line.run.id));
    } else if (
      line.children > 0 &&
      ((event.key === "ArrowRight" && !line.isOpen) || (event.key === "ArrowLeft" && line.isOpen))
    ) {
      event.preventDefault();
      onFold(line.run.id);
    }
  };
  return (
    // A region that scrolls must be reachable by keyboard; its arrows move the row cursor.
    <section
      ref={setElement}
      className="tall run-table"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      aria-label={t("words.runs")}
      onKeyDown={onKey}
    >
      <table
        className="table fixed"
        style={{ minWidth: width }}
        aria-rowcount={isWhole ? lines.length + 1 : -1}
      >
        <colgroup>
          <col style={{ width: widths.choose }} />
          {/* Takes what the others leave; the table is never narrower than all of them. */}
          <col />
          {columns.map((column) => (
            <col key={columnKey(column)} style={{ width: widthOf(column, widths) }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col" className="held">
              <Checkbox
                size="xs"
                aria-label={t("runList.chooseAll")}
                checked={isAllChosen}
                indeterminate={!isAllChosen && chosen.size > 0}
                onChange={() =>
                  onChoose(
                    runs.map(({ id }) => id),
                    !isAllChosen,
                  )
                }
              />
            </th>
            <Header name={t("words.name")} of={NAME_KEY} sort={sort} onSort={onSort} className="held named" />
            {columns.map((column) => (
              <Header
                key={columnKey(column)}
                name={columnTitle(column, t)}
                of={columnKey(column)}
                sort={sort}
                onSort={onSort}
                className={isNumber(column) ? "number" : ""}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 ? (
            <tr style={{ height: above }}>
              <td colSpan={columns.length + 2} />
            </tr>
          ) : null}
          {items.map(({ index }) => {
            const line = lines[index];
            if (line === undefined) return null;
            if (line.kind === "away") return <AwayRow key={`away ${line.at}`} columns={columns.length + 2} />;
            return (
              <RunRow
                key={line.run.id}
                run={line.run}
                depth={line.depth}
                childCount={line.children}
                hasFolds={hasFolds}
                isOpen={line.isOpen}
                position={index + 2}
                columns={columns}
                decimals={decimals}
                isChosen={chosen.has(line.run.id)}
                isCursor={index === cursor}
                isChanged={changed.has(line.run.id)}
                courses={courses}
                scope={scope}
                onChoose={onChoose}
                onFold={onFold}
                onOpen={go}
              />
            );
          })}
          {below > 0 ? (
            <tr style={{ height: below }}>
              <td colSpan={columns.length + 2} />
            </tr>
          ) : null}
        </tbody>
      </table>
    </section>
  );
}

function Header({
  name,
  of,
  sort,
  onSort,
  className,
}: {
  name: string;
  of: string;
  sort: readonly SortKey[];
  onSort: (column: string, add: boolean) => void;
  className: string;
}) {
  const known = sort.find(({ column }) => column === of);
  return (
    <th
      scope="col"
      className={className}
      title={name}
      aria-sort={known === undefined ? undefined : known.descending ? "descending" : "ascending"}
    >
      {orderOf(of) === undefined ? (
        name
      ) : (
        <button
          type="button"
          className="sort"
          data-sorted={known !== undefined || undefined}
          onClick={(event) => onSort(of, event.shiftKey)}
        >
          {name}
          {known === undefined ? "" : known.descending ? " ↓" : " ↑"}
        </button>
      )}
    </th>
  );
}

const RunRow = memo(function RunRow({
  run,
  depth,
  childCount,
  hasFolds,
  isOpen,
  position,
  columns,
  decimals,
  isChosen,
  isCursor,
  isChanged,
  courses,
  scope,
  onChoose,
  onFold,
  onOpen,
}: {
  run: Run;
  depth: number;
  childCount: number;
  /** Whether names leave room for folds: some run here has others inside. */
  hasFolds: boolean;
  isOpen: boolean;
  position: number;
  columns: readonly RunColumn[];
  /** Decimals of each column, as one text, so that equal ones are the same. */
  decimals: string;
  isChosen: boolean;
  isCursor: boolean;
  isChanged: boolean;
  courses: Courses;
  scope: Scope;
  onChoose: (runs: readonly string[], isChosen: boolean) => void;
  onFold: (run: string) => void;
  onOpen: (to: string) => void;
}) {
  const { t } = useWords();
  const page = places.run(scope, run);
  const digits = decimals.split(",");
  return (
    // The name holds the link for keyboard and screen reader; the row is a larger target for the mouse.
    <tr
      data-link
      data-cursor={isCursor || undefined}
      data-open={isChosen || undefined}
      data-changed={isChanged || undefined}
      aria-rowindex={position}
      onClick={(event) => {
        if (event.defaultPrevented || window.getSelection()?.toString()) return;
        onOpen(page);
      }}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keeps a click beside the box from opening the run */}
      <td className="held" onClick={(event) => event.stopPropagation()}>
        <Checkbox
          size="xs"
          aria-label={t("experiments.choose", { run: run.name })}
          checked={isChosen}
          onChange={() => onChoose([run.id], !isChosen)}
        />
      </td>
      <td className="held named cut" style={{ paddingLeft: depth * 18 }}>
        {childCount === 0 ? (
          hasFolds ? (
            <span className="fold" />
          ) : null
        ) : (
          <button
            type="button"
            className="fold"
            aria-expanded={isOpen}
            aria-label={t("runList.nestedOf", { run: run.name, count: childCount })}
            onClick={(event) => {
              event.preventDefault();
              event.stopPropagation();
              onFold(run.id);
            }}
          >
            {isOpen ? "▾" : "▸"}
          </button>
        )}
        <Go className="ink-link strong" to={page} title={run.name}>
          {run.name}
        </Go>
        {childCount === 0 ? null : <span className="quiet small"> {childCount}</span>}
      </td>
      {columns.map((column, index) => (
        <td key={columnKey(column)} className={isNumber(column) ? "number cut" : "cut"}>
          <RunCell
            run={run}
            column={column}
            decimals={Number(digits[index] ?? 0)}
            course={
              column.of === "metrics" && column.aspect === "course"
                ? courses.get(courseKey(run.id, column.name))
                : undefined
            }
          />
        </td>
      ))}
    </tr>
  );
});

function AwayRow({ columns }: { columns: number }) {
  return (
    <tr>
      <td className="held" />
      <td className="held named">
        <span className="bone" style={{ width: "60%" }} />
      </td>
      <td colSpan={columns - 2} />
    </tr>
  );
}

/** What stands over a column. */
export function columnTitle(column: RunColumn, t: Translate): string {
  switch (column.of) {
    case "attributes":
      return t(`runList.attribute.${column.name}`);
    case "metrics":
      return column.aspect === "last"
        ? column.name
        : `${column.name}, ${t(`runList.aspect.${column.aspect}`)}`;
    case "params":
    case "tags":
      return column.name;
    default:
      return column satisfies never;
  }
}

function isNumber(column: RunColumn): boolean {
  if (column.of === "metrics") return column.aspect !== "course";
  return column.of === "params" || (column.of === "attributes" && /time|duration/.test(column.name));
}

function widthOf(column: RunColumn, widths: typeof WIDTHS): number {
  if (column.of === "metrics") return column.aspect === "course" ? widths.course : widths.number;
  if (column.of === "attributes" && column.name.endsWith("time")) return widths.time;
  return column.of === "params" ? widths.number : widths.text;
}
