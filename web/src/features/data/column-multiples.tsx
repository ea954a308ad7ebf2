import type { ColumnProfile } from "@causeway/contract";
import { saveText, toCsv } from "../../components/csv.ts";
import { DataTable } from "../../components/data-table.tsx";
import { useView } from "../../components/go.tsx";
import { Histogram, TopValues } from "../../components/histogram.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { ChoiceOf } from "../../components/tabs.tsx";
import { useAnswer } from "../../lib/api.ts";
import type { Format } from "../../lib/format.ts";
import { useWords } from "../../lib/words.tsx";

/** Values shown of a column of text. */
const TOP = 4;

/** Every column as a small picture of its own, all in one size and order: the same as a table on demand. */
export function ColumnMultiples({ of }: { of: { dataset: string; version: string } }) {
  const { t, format } = useWords();
  const [form, setForm] = useView("form", "pictures");
  const profile = useAnswer(["data", "getProfile"], of);
  return (
    <div className="section open">
      <Loaded answer={profile} skeleton={<PictureSkeleton height={420} />}>
        {({ rows, columns }) => (
          <>
            <SectionHead
              title={t("data.columnCount", { count: columns.length })}
              hint={t("data.profiled", { rows: format.count(rows) })}
              right={
                <>
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => saveText(`${of.dataset}-profile.csv`, profileCsv(columns))}
                  >
                    {t("shell.csv")}
                  </button>
                  <ChoiceOf
                    label={t("words.columns")}
                    options={[
                      ["pictures", t("shell.asChart")],
                      ["table", t("shell.asTable")],
                    ]}
                    value={form === "table" ? "table" : "pictures"}
                    onChange={setForm}
                  />
                </>
              }
            />
            {form === "table" ? (
              <ProfileTable columns={columns} />
            ) : (
              <div className="multiples">
                {columns.map((column) => (
                  <ColumnPicture key={column.name} column={column} rows={rows} />
                ))}
              </div>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}

function ColumnPicture({ column, rows }: { column: ColumnProfile; rows: number }) {
  const { t, format } = useWords();
  const median = column.quantiles.find(({ p }) => p === 0.5)?.value;
  const label = t("data.columnLabel", {
    column: column.name,
    distinct: format.count(column.distinct),
    missing: format.count(column.missing),
  });
  return (
    <figure className="multiple">
      <figcaption className="what">
        <b title={column.name}>{column.name}</b>
        <span>{t(`columnType.${column.type}`)}</span>
        {column.missing === 0 ? null : (
          <span className="missing">
            <StatusWord status="warn" size={10}>
              {t("data.missingShare", { share: format.percent(column.missing / Math.max(1, rows)) })}
            </StatusWord>
          </span>
        )}
      </figcaption>
      {column.histogram !== null ? (
        <Histogram counts={column.histogram.counts} label={label} />
      ) : column.top.some(({ count }) => count > 1) ? (
        <TopValues values={column.top.slice(0, TOP)} total={column.count} write={format.count} />
      ) : (
        <span className="quiet small">
          {column.distinct > 1 && column.distinct >= column.count ? t("data.allDistinct") : ""}
        </span>
      )}
      <div className="ends">
        <span>{edge(column.min, column.type, format)}</span>
        {median === undefined ? (
          <span>{t("data.distinctCount", { count: column.distinct })}</span>
        ) : (
          <span title={t("words.median")}>▵ {format.plain(median)}</span>
        )}
        <span>{edge(column.max, column.type, format)}</span>
      </div>
    </figure>
  );
}

function ProfileTable({ columns }: { columns: readonly ColumnProfile[] }) {
  const { t, format } = useWords();
  return (
    <DataTable
      label={t("words.columns")}
      rows={columns}
      rowKey={({ name }) => name}
      columns={[
        {
          key: "name",
          title: t("words.column"),
          sort: ({ name }) => name,
          cell: ({ name }) => <b>{name}</b>,
        },
        {
          key: "type",
          title: t("words.type"),
          sort: ({ type }) => type,
          cell: ({ type }) => t(`columnType.${type}`),
        },
        {
          key: "missing",
          title: t("words.missing"),
          number: true,
          sort: ({ missing }) => missing,
          cell: ({ missing }) => format.count(missing),
        },
        {
          key: "distinct",
          title: t("words.distinct"),
          number: true,
          sort: ({ distinct }) => distinct,
          cell: ({ distinct }) => format.count(distinct),
        },
        { key: "min", title: t("words.min"), number: true, cell: ({ min, type }) => edge(min, type, format) },
        {
          key: "mean",
          title: t("words.mean"),
          number: true,
          sort: ({ mean }) => mean,
          cell: ({ mean }) => (mean === null ? "" : format.plain(mean)),
        },
        {
          key: "median",
          title: t("words.median"),
          number: true,
          cell: ({ quantiles }) => {
            const median = quantiles.find(({ p }) => p === 0.5)?.value;
            return median === undefined ? "" : format.plain(median);
          },
        },
        { key: "max", title: t("words.max"), number: true, cell: ({ max, type }) => edge(max, type, format) },
        {
          key: "std",
          title: t("data.std"),
          number: true,
          minor: true,
          cell: ({ std }) => (std === null ? "" : format.plain(std)),
        },
      ]}
    />
  );
}

/** The least or greatest value as its type is read: numbers, days, or the beginning of a text. */
function edge(value: number | string | null, type: ColumnProfile["type"], format: Format): string {
  if (value === null) return "";
  if (type === "date" || type === "timestamp") return format.day(new Date(value));
  if (typeof value === "number") return format.plain(value);
  return value.length > 18 ? `${value.slice(0, 17)}…` : value;
}

function profileCsv(columns: readonly ColumnProfile[]): string {
  return toCsv(
    ["column", "type", "count", "missing", "distinct", "min", "max", "mean", "std"],
    columns.map((column) => [
      column.name,
      column.type,
      column.count,
      column.missing,
      column.distinct,
      column.min,
      column.max,
      column.mean,
      column.std,
    ]),
  );
}
