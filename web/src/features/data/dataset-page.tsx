import type { DatasetVersion, Import } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { errorTitle, keptError } from "../../components/error-words.ts";
import { Go, useSegment } from "../../components/go.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Column, PageHead } from "../../components/page-frame.tsx";
import { Spark } from "../../components/spark.tsx";
import { StatusMark, StatusWord } from "../../components/status-mark.tsx";
import { workStatus } from "../../components/work-status.ts";
import { useAnswer } from "../../lib/api.ts";
import { shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { rowsAsideOf, warningsOf } from "./findings.ts";

/** One dataset: its versions, and what was tried to be imported into it. */
export function DatasetPage() {
  const { t, format } = useWords();
  const scope = useScope();
  const name = useSegment("dataset");
  const versions = useAnswer(["data", "listVersions"], { dataset: name, limit: 1000 });
  const imports = useAnswer(["data", "listImports"], { dataset: name, limit: 50 });
  const latest = versions.data?.items[0];
  return (
    <>
      <PageHead
        title={name}
        sub={
          latest === undefined ? undefined : (
            <>
              <span>
                {t("data.rowsAndColumns", { rows: latest.rows, columns: latest.schema.length })} ·{" "}
                <Moment at={latest.createdAt} />
              </span>
              <span>{t("data.versionCount", { count: versions.data?.items.length ?? 0 })}</span>
            </>
          )
        }
        actions={
          latest === undefined ? undefined : (
            <Go className="button primary" to={places.datasetVersion(scope, latest)}>
              {t("data.openNewest")}
            </Go>
          )
        }
      />
      <div className="columns">
        <Column
          title={t("words.versions")}
          hint={t("data.versionsHint")}
          right={
            <Spark values={(versions.data?.items ?? []).map(({ rows }) => rows).reverse()} width={140} />
          }
        >
          <Loaded answer={versions}>
            {({ items }) => (
              <DataTable
                label={t("words.versions")}
                rows={items}
                rowKey={({ id }) => id}
                open={(version) => places.datasetVersion(scope, version)}
                columns={[
                  {
                    key: "id",
                    title: t("words.version"),
                    cell: (version) => (
                      <Go className="strong" to={places.datasetVersion(scope, version)}>
                        <code>{shortDigest(version.id)}</code>
                      </Go>
                    ),
                  },
                  {
                    key: "rows",
                    title: t("words.rows"),
                    number: true,
                    sort: ({ rows }) => rows,
                    cell: ({ rows }) => format.count(rows),
                  },
                  {
                    key: "change",
                    title: t("data.rowChange"),
                    number: true,
                    cell: (version) => changeOf(version, items, format.count),
                  },
                  {
                    key: "size",
                    title: t("words.size"),
                    number: true,
                    minor: true,
                    sort: ({ bytes }) => bytes,
                    cell: ({ bytes }) => format.bytes(bytes),
                  },
                  {
                    key: "source",
                    title: t("words.source"),
                    className: "cut",
                    cell: ({ source }) => source.name,
                  },
                  {
                    key: "findings",
                    title: t("data.findings"),
                    cell: (version) => <FindingMark version={version} />,
                  },
                  {
                    key: "created",
                    title: t("data.imported"),
                    number: true,
                    sort: ({ createdAt }) => createdAt,
                    cell: ({ createdAt }) => <Moment at={createdAt} />,
                  },
                ]}
              />
            )}
          </Loaded>
        </Column>
        <Column title={t("data.imports")} hint={t("data.importsHint")}>
          <Loaded answer={imports}>
            {({ items }) =>
              items.length === 0 ? (
                <p className="quiet">{t("data.noImports")}</p>
              ) : (
                <ul className="needs">
                  {items.map((each) => (
                    <ImportLine key={each.id} of={each} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Column>
      </div>
    </>
  );
}

function FindingMark({ version }: { version: DatasetVersion }) {
  const { t } = useWords();
  const aside = rowsAsideOf(version);
  if (aside > 0) return <StatusWord status="warn">{t("data.rowsAside", { count: aside })}</StatusWord>;
  const count = warningsOf(version).length;
  return count === 0 ? (
    <span className="quiet">{t("data.noFindings")}</span>
  ) : (
    <StatusWord status="warn">{t("data.findingCount", { count })}</StatusWord>
  );
}

function ImportLine({ of }: { of: Import }) {
  const { t, format } = useWords();
  return (
    <li>
      <StatusMark status={workStatus(of.state)} />
      <b>{of.file}</b>
      <p>
        {t(`workState.${of.state}`)}
        {of.unchanged ? `, ${t("data.unchanged")}` : ""} · <Moment at={of.createdAt} />
        {of.problem === null ? null : (
          <>
            <br />
            {errorTitle(keptError(of.problem), { t, format })}
          </>
        )}
        {of.version === null ? null : (
          <>
            <br />
            <CopyId id={of.version.id} short={shortDigest(of.version.id)} />
          </>
        )}
      </p>
    </li>
  );
}

/** Rows more or fewer than the version it was appended to or replaced. */
function changeOf(
  version: DatasetVersion,
  all: readonly DatasetVersion[],
  write: (count: number) => string,
): string {
  const index = all.indexOf(version);
  const before = all.find(({ id }) => id === version.parent) ?? all[index + 1];
  if (before === undefined) return "";
  const change = version.rows - before.rows;
  return change > 0 ? `+${write(change)}` : write(change);
}
