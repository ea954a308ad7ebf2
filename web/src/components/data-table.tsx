import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useGo, useView } from "./go.tsx";
import { nextSort, readSort, type SortValue, sortRows, writeSort } from "./table-sort.ts";

/** One column: what its cells show, and what they are ordered and exported by. */
export type TableColumn<Row> = {
  key: string;
  /** Empty where the cells speak for themselves; `hidden` then says it to a screen reader. */
  title: string;
  hidden?: string;
  cell: (row: Row) => ReactNode;
  sort?: (row: Row) => SortValue;
  number?: boolean;
  /** Left out on narrow screens. */
  minor?: boolean;
  className?: string;
};

/** Rows are drawn one by one up to this many; beyond it only those in view. */
const VIRTUAL_ABOVE = 100;
const ROW_HEIGHT = { comfortable: 36, standard: 32, compact: 26 } as const;

/** A table that sorts by its headers, opens rows by click or Enter, moves by j and k, and scrolls smoothly at any length. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  open,
  selected,
  onRow,
  compact = false,
  view = "sort",
}: {
  label: string;
  columns: ReadonlyArray<TableColumn<Row>>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The page that a row opens. */
  open?: (row: Row) => string;
  /** The row that is open beside the table. */
  selected?: string | undefined;
  /** What a row does instead of opening a page. */
  onRow?: (row: Row) => void;
  compact?: boolean;
  /** The name of the sort in the address, where a page has several tables. */
  view?: string;
}) {
  const go = useGo();
  const [sortText, setSort] = useView(view);
  const [cursor, setCursor] = useState(-1);
  const scroller = useRef<HTMLDivElement>(null);
  const sort = readSort(sortText);
  const sortValue = (row: Row, key: string) => columns.find((column) => column.key === key)?.sort?.(row);
  const sorted = sort.length === 0 ? rows : sortRows(rows, sort, sortValue);
  const isVirtual = rows.length > VIRTUAL_ABOVE;
  const density = document.documentElement.dataset["density"];
  const height = compact
    ? ROW_HEIGHT.compact
    : (ROW_HEIGHT[density === "comfortable" || density === "compact" ? density : "standard"] ?? 32);
  const virtual = useVirtualizer({
    count: isVirtual ? rows.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const first = isVirtual ? (items[0]?.index ?? 0) : 0;
  const last = isVirtual ? (items.at(-1)?.index ?? -1) : rows.length - 1;
  const above = isVirtual ? (items[0]?.start ?? 0) : 0;
  const below = isVirtual ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  const act = (row: Row | undefined) => {
    if (row === undefined) return;
    if (onRow !== undefined) onRow(row);
    else if (open !== undefined) go(open(row));
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(rows.length - 1, cursor + step));
      setCursor(next);
      if (isVirtual) virtual.scrollToIndex(next);
    } else if (event.key === "Enter" && event.target === event.currentTarget) act(sorted[cursor]);
  };
  const isLinked = open !== undefined || onRow !== undefined;

  return (
    // A region that scrolls must be reachable by keyboard; its arrows move the row cursor.
    <section
      ref={scroller}
      className={isVirtual ? "tall" : "scroll"}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      aria-label={label}
      onKeyDown={onKey}
    >
      <table className={compact ? "table compact" : "table"}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={classOf(column)}
                aria-sort={ariaSort(sort.find((key) => key.column === column.key))}
              >
                {column.hidden === undefined ? null : <span className="unseen">{column.hidden}</span>}
                {column.sort === undefined ? (
                  column.title
                ) : (
                  <button
                    type="button"
                    className="sort"
                    data-sorted={sort.some((key) => key.column === column.key) || undefined}
                    onClick={(event) => setSort(writeSort(nextSort(sort, column.key, event.shiftKey)))}
                  >
                    {column.title}
                    {sortArrow(sort.find((key) => key.column === column.key))}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 ? (
            <tr style={{ height: above }}>
              <td colSpan={columns.length} />
            </tr>
          ) : null}
          {sorted.slice(first, last + 1).map((row, offset) => (
            // The first cell holds the link for keyboard and screen reader; the row is a larger target for the mouse.
            <tr
              key={rowKey(row)}
              data-link={isLinked || undefined}
              data-open={rowKey(row) === selected || undefined}
              data-cursor={first + offset === cursor || undefined}
              onClick={
                isLinked
                  ? (event) => {
                      if (event.defaultPrevented || window.getSelection()?.toString()) return;
                      act(row);
                    }
                  : undefined
              }
            >
              {columns.map((column) => (
                <td key={column.key} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {below > 0 ? (
            <tr style={{ height: below }}>
              <td colSpan={columns.length} />
            </tr>
          ) : null}
        </tbody>
      </table>
    </section>
  );
}

function classOf(column: { number?: boolean; minor?: boolean; className?: string }): string | undefined {
  const names = [column.number ? "number" : "", column.minor ? "minor" : "", column.className ?? ""].filter(
    (name) => name !== "",
  );
  return names.length === 0 ? undefined : names.join(" ");
}

function ariaSort(key: { descending: boolean } | undefined) {
  if (key === undefined) return undefined;
  return key.descending ? "descending" : "ascending";
}

function sortArrow(key: { descending: boolean } | undefined): string {
  if (key === undefined) return "";
  return key.descending ? " ↓" : " ↑";
}
