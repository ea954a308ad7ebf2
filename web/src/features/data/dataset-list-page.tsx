import type { Dataset } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go, useView } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { Spark } from "../../components/spark.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { rowsAsideOf, warningsOf } from "./findings.ts";
import { ImportForm } from "./import-form.tsx";

/** All datasets: newest version, rows, what to know about it, how fresh it is. */
export function DatasetListPage() {
  const { t, format } = useWords();
  const scope = useScope();
  const [isImporting, setImporting] = useView("import");
  const datasets = useAnswer(["data", "listDatasets"], { limit: 1000 });
  return (
    <>
      <PageHead
        title={t("stages.data")}
        sub={datasets.data === undefined ? undefined : t("data.sub", { count: datasets.data.items.length })}
        actions={
          isImporting === "" ? (
            <button type="button" className="button primary" onClick={() => setImporting("1")}>
              {t("data.import")}
            </button>
          ) : undefined
        }
      />
      {isImporting === "" ? null : <ImportForm close={() => setImporting("")} />}
      <Loaded answer={datasets} skeleton={<RowsSkeleton columns={6} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title={t("data.emptyTitle")}
              text={t("data.emptyText")}
              command={commandLine(scope, "data import customers customers.csv")}
            />
          ) : (
            <DataTable
              label={t("stages.data")}
              rows={items}
              rowKey={({ name }) => name}
              open={({ name }) => places.dataset(scope, name)}
              columns={[
                {
                  key: "name",
                  title: t("words.name"),
                  sort: ({ name }) => name,
                  cell: ({ name }) => (
                    <Go className="ink-link strong" to={places.dataset(scope, name)}>
                      {name}
                    </Go>
                  ),
                },
                {
                  key: "version",
                  title: t("data.newest"),
                  cell: ({ latest }) =>
                    latest === null ? (
                      ""
                    ) : (
                      <Go to={places.datasetVersion(scope, latest)}>
                        <code>{shortDigest(latest.id)}</code>
                      </Go>
                    ),
                },
                {
                  key: "rows",
                  title: t("words.rows"),
                  number: true,
                  sort: ({ latest }) => latest?.rows,
                  cell: ({ latest }) => (latest === null ? "" : format.count(latest.rows)),
                },
                {
                  key: "course",
                  title: t("data.rowCourse"),
                  minor: true,
                  cell: (dataset) => <RowCourse dataset={dataset} />,
                },
                {
                  key: "columns",
                  title: t("words.columns"),
                  number: true,
                  sort: ({ latest }) => latest?.schema.length,
                  cell: ({ latest }) => latest?.schema.length ?? "",
                },
                {
                  key: "findings",
                  title: t("data.findings"),
                  cell: (dataset) => <FindingsCell dataset={dataset} />,
                },
                {
                  key: "versions",
                  title: t("words.versions"),
                  number: true,
                  minor: true,
                  sort: ({ versions }) => versions,
                  cell: ({ versions }) => format.count(versions),
                },
                {
                  key: "fresh",
                  title: t("data.imported"),
                  number: true,
                  sort: ({ latest }) => latest?.createdAt,
                  cell: ({ latest }) => (latest === null ? "" : <Moment at={latest.createdAt} />),
                },
              ]}
            />
          )
        }
      </Loaded>
    </>
  );
}

function FindingsCell({ dataset: { latest } }: { dataset: Dataset }) {
  const { t } = useWords();
  if (latest === null) return null;
  const aside = rowsAsideOf(latest);
  if (aside > 0) return <StatusWord status="warn">{t("data.rowsAside", { count: aside })}</StatusWord>;
  const warnings = warningsOf(latest);
  return warnings.length === 0 ? (
    <span className="quiet">{t("data.noFindings")}</span>
  ) : (
    <StatusWord status="warn">{t("data.findingCount", { count: warnings.length })}</StatusWord>
  );
}

/** Versions shown in the spark of one row. */
const COURSE = 30;

function RowCourse({ dataset }: { dataset: Dataset }) {
  const versions = useAnswer(
    ["data", "listVersions"],
    { dataset: dataset.name, limit: COURSE },
    { enabled: dataset.versions > 1 },
  );
  return <Spark values={(versions.data?.items ?? []).map(({ rows }) => rows).reverse()} />;
}
