import type { LifeView, RunView } from "@causeway/contract";
import { useMemo } from "react";
import { useView, useViewChange } from "../../components/go.tsx";
import { nextSort, readSort, type SortKey, writeSort } from "../../components/table-sort.ts";
import { orderBy, orderOf, readList, readOrder, writeList } from "./run-columns.ts";

/** What the table of runs is asked for, as the address has it. */
export type RunQuery = {
  filter: string;
  sort: readonly SortKey[];
  /** Keys of the chosen columns; empty when nobody chose. */
  columns: readonly string[];
  life: LifeView;
};

/** The query of the page and how to change it; every change is a step that Back undoes. */
export function useRunQuery(): RunQuery & {
  change: (change: Partial<RunQuery>) => void;
  sortBy: (column: string, add: boolean) => void;
} {
  const [filter] = useView("filter");
  const [order] = useView("order");
  const [columns] = useView("columns");
  const [life] = useView("life", "active");
  const set = useViewChange();
  return useMemo(() => {
    const sort = readSort(order).map((key) => ({ ...key, column: readList(key.column)[0] ?? "" }));
    const change = (next: Partial<RunQuery>) =>
      set({
        ...(next.filter === undefined ? {} : { filter: next.filter }),
        ...(next.sort === undefined ? {} : { order: sortText(next.sort) }),
        ...(next.columns === undefined ? {} : { columns: writeList(next.columns) }),
        ...(next.life === undefined ? {} : { life: next.life === "active" ? "" : next.life }),
      });
    return {
      filter,
      sort,
      columns: readList(columns),
      life: life === "deleted" ? "deleted" : "active",
      change,
      sortBy: (column, add) => change({ sort: nextSort(sort, column, add) }),
    };
  }, [filter, order, columns, life, set]);
}

function sortText(sort: readonly SortKey[]): string {
  return writeSort(
    sort
      .filter(({ column }) => orderOf(column) !== undefined)
      .map(({ column, descending }) => ({ column: encodeURIComponent(column), descending })),
  );
}

/** The query as a view that can be kept under a name. */
export function viewOf({ filter, sort, columns, life }: RunQuery): RunView {
  return { filter, orderBy: orderBy(sort), columns: [...columns], life, page: {} };
}

/** The query of a kept view. */
export function queryOf({ filter, orderBy: order, columns, life }: RunView): RunQuery {
  return { filter, sort: readOrder(order), columns, life };
}
