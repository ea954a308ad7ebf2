import { useMemo } from "react";
import { DataTable, type TableColumn } from "../../../components/data-table.tsx";
import { useWords } from "../../../lib/words.tsx";
import type { ReadTable } from "./read-table.ts";

/** Columns drawn of a wide table. */
const MOST_COLUMNS = 60;

/** A table from a file, with its rows as they stand in it. */
export function SheetView({ label, table }: { label: string; table: ReadTable }) {
  const { t } = useWords();
  const rows = useMemo(() => table.rows.map((cells, index) => ({ index, cells })), [table]);
  const columns = useMemo(
    () =>
      table.columns.slice(0, MOST_COLUMNS).map((title, at): TableColumn<(typeof rows)[number]> => {
        const isNumber = rows
          .slice(0, 50)
          .every(({ cells }) => cells[at] === "" || Number.isFinite(Number(cells[at])));
        return {
          // Two columns of a file may have one name.
          key: `${at}:${title}`,
          title,
          number: isNumber,
          className: "cut",
          sort: ({ cells }) => (isNumber && cells[at] !== "" ? Number(cells[at]) : cells[at]),
          cell: ({ cells }) => <span title={cells[at]}>{cells[at]}</span>,
        };
      }),
    [table, rows],
  );
  return (
    <>
      <DataTable
        label={label}
        rows={rows}
        rowKey={({ index }) => String(index)}
        columns={columns}
        compact
        view="sheet"
      />
      <p className="quiet small">
        {t(table.isCut ? "artifact.firstRows" : "artifact.rows", { count: rows.length })}
        {table.columns.length > MOST_COLUMNS
          ? ` ${t("artifact.firstColumns", { shown: MOST_COLUMNS, all: table.columns.length })}`
          : ""}
      </p>
    </>
  );
}
