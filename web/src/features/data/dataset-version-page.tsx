import type { DatasetVersion } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { findingText } from "../../components/finding-words.ts";
import { Go, useSegment } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Facts, PageHead } from "../../components/page-frame.tsx";
import { StatusMark } from "../../components/status-mark.tsx";
import { SubjectLineage } from "../../components/subject-lineage.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { useAnswer } from "../../lib/api.ts";
import { addressOf } from "../../lib/client.ts";
import { middle, shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { ColumnMultiples } from "./column-multiples.tsx";
import { orderedFindings, rowsAsideOf } from "./findings.ts";
import { QuarantineRows } from "./quarantine-rows.tsx";
import { RowPreview } from "./row-preview.tsx";

/** One version: what to know about it, each column as a picture, its rows, where it came from. */
export function DatasetVersionPage() {
  const dataset = useSegment("dataset");
  const id = useSegment("version");
  const version = useAnswer(["data", "getVersion"], { dataset, version: id });
  return (
    <Loaded answer={version} skeleton={<PictureSkeleton height={320} />}>
      {(known) => <Version version={known} />}
    </Loaded>
  );
}

/** The REST path of a version: what lineage calls it. */
export function subjectOf({ dataset, id }: Pick<DatasetVersion, "dataset" | "id">): string {
  return `/api/data/datasets/${dataset}/versions/${id}`;
}

function Version({ version }: { version: DatasetVersion }) {
  const { t, format } = useWords();
  const scope = useScope();
  const findings = orderedFindings(version.findings);
  const aside = rowsAsideOf(version);
  const key = { dataset: version.dataset, version: version.id };
  return (
    <>
      <PageHead
        tab={`${version.dataset} ${shortDigest(version.id)}`}
        title={
          <>
            <Go className="ink-link" to={places.dataset(scope, version.dataset)}>
              {version.dataset}
            </Go>{" "}
            {shortDigest(version.id)}
          </>
        }
        sub={
          <>
            <span>{t("data.rowsAndColumns", { rows: version.rows, columns: version.schema.length })}</span>
            <span>{format.bytes(version.bytes)}</span>
            <span>
              {t("data.from", { source: version.source.name })} · <Moment at={version.createdAt} />{" "}
              {t("shell.madeBy", { who: version.createdBy.name })}
            </span>
            <CopyId id={version.id} short={`sha256 ${middle(version.id)}`} />
          </>
        }
        actions={
          <a
            className="button"
            href={addressOf(["data", "downloadPart"], { ...key, part: 0 }, scope)}
            download
          >
            {t("data.downloadParquet")}
          </a>
        }
      />
      <SubjectTrace
        here="data-version"
        subject={subjectOf(version)}
        text={`${version.dataset} ${shortDigest(version.id)}`}
      />
      <ul className="needs" aria-label={t("data.findings")}>
        {findings.map((finding) => (
          <li key={`${finding.kind}:${finding.column ?? ""}:${finding.message}`}>
            <StatusMark status={finding.severity === "warning" ? "warn" : "idle"} />
            <b>{findingText(finding, { t, format })}</b>
          </li>
        ))}
      </ul>
      <Tabs
        label={version.dataset}
        tabs={[
          ["columns", t("words.columns")],
          ["rows", t("data.rowsTab")],
          ...(aside === 0
            ? []
            : [["quarantine", `${t("data.quarantineTab")} ${format.count(aside)}`] as const]),
          ["origin", t("data.origin")],
        ]}
      >
        {(open) => {
          switch (open) {
            case "columns":
              return <ColumnMultiples of={key} />;
            case "rows":
              return <RowPreview of={key} total={version.rows} />;
            case "quarantine":
              return <QuarantineRows of={key} />;
            case "origin":
              return <Origin version={version} />;
            default:
              return open satisfies never;
          }
        }}
      </Tabs>
    </>
  );
}

function Origin({ version }: { version: DatasetVersion }) {
  const { t, format } = useWords();
  const scope = useScope();
  return (
    <div className="section open stack">
      <Facts
        of={[
          [t("words.source"), `${t(`sourceKind.${version.source.kind}`)}: ${version.source.name}`],
          [
            t("data.sourceDigest"),
            version.source.digest === null ? null : <CopyId key="digest" id={version.source.digest} />,
          ],
          [t("words.version"), <CopyId key="id" id={version.id} />],
          [
            t("data.parent"),
            version.parent === null ? null : (
              <Go
                key="parent"
                to={places.datasetVersion(scope, { dataset: version.dataset, id: version.parent })}
              >
                <code>{shortDigest(version.parent)}</code>
              </Go>
            ),
          ],
          [t("data.keyColumn"), version.key],
          [
            t("data.parts"),
            t("data.partCount", { count: version.parts.length, size: format.bytes(version.bytes) }),
          ],
        ]}
      />
      <SubjectLineage subject={subjectOf(version)} />
    </div>
  );
}
