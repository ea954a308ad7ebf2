import type { JudgedPrediction } from "@causeway/contract";
import { useState } from "react";
import { saveText, toCsv } from "../../components/csv.ts";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go, useSegment } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { curlLine } from "./curl-line.ts";
import { LogFilters, useLogFilter } from "./log-filters.tsx";
import { PredictionValue } from "./prediction-value.tsx";
import { TruthCell } from "./truth-cell.tsx";
import { versionSubject } from "./version-subject.ts";

const PAGE = 200;
const MOST = 1000;

/** The prediction log of one deployment: every answer with what it was asked. */
export function PredictionListPage() {
  const { t, format } = useWords();
  const scope = useScope();
  const name = useSegment("deployment");
  const filter = useLogFilter();
  const [limit, setLimit] = useState(PAGE);
  const log = useAnswer(["deployments", "listPredictions"], {
    deployment: name,
    limit,
    ...filter,
  });
  const deployment = useAnswer(["deployments", "getDeployment"], { deployment: name });
  const serving = deployment.data?.serving ?? deployment.data?.revision;
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <PageHead
        title={t("deployments.predictionsOf", { deployment: name })}
        sub={t("deployments.predictionsHint")}
      />
      <SubjectTrace
        here="rows"
        subject={serving === undefined ? `/api/deployments/deployments/${name}` : versionSubject(serving)}
        text={t("trace.log")}
        known={{ deployment: { text: name, to: places.deployment(scope, name) } }}
      />
      <LogFilters deployment={name} keyName={deployment.data?.key ?? null} />
      {log.data === undefined || log.data.items.length === 0 ? null : (
        <p className="quiet small">
          {t("deployments.shownRows", { count: log.data.items.length })}{" "}
          <button
            type="button"
            className="link-button"
            onClick={() => saveText(`${name}-predictions.csv`, logCsv(log.data.items))}
          >
            {t("shell.csv")}
          </button>
        </p>
      )}
      <Loaded answer={log} skeleton={<RowsSkeleton rows={12} />}>
        {({ items, next }) =>
          items.length === 0 && isFiltered ? (
            <p className="quiet">{t("deployments.noneMatches")}</p>
          ) : items.length === 0 ? (
            <EmptyState
              title={t("deployments.noRequest")}
              text={t("deployments.noRequestText")}
              {...(deployment.data === undefined
                ? {}
                : {
                    command: curlLine({
                      scope,
                      deployment: name,
                      url: deployment.data.url,
                      record: deployment.data.example,
                    }),
                  })}
            />
          ) : (
            <>
              <DataTable
                label={t("deployments.predictions")}
                compact
                rows={items}
                rowKey={(row) => row.id}
                open={(row) => places.prediction(scope, name, row.id)}
                columns={[
                  {
                    key: "at",
                    title: t("words.time"),
                    sort: ({ occurredAt }) => occurredAt,
                    cell: ({ occurredAt, receivedAt }) => (
                      <time
                        dateTime={occurredAt}
                        title={`${t("deployments.happened")}: ${format.exact(new Date(occurredAt))}\n${t("deployments.received")}: ${format.exact(new Date(receivedAt))}`}
                      >
                        {format.day(new Date(occurredAt), new Date())}{" "}
                        {format.exactTime(new Date(occurredAt))}
                      </time>
                    ),
                  },
                  {
                    key: "id",
                    title: t("deployments.id"),
                    cell: (row) => (
                      <Go to={places.prediction(scope, name, row.id)}>
                        <code>{row.id.length > 14 ? `…${row.id.slice(-13)}` : row.id}</code>
                      </Go>
                    ),
                  },
                  {
                    key: "answer",
                    title: t("deployments.answer"),
                    cell: ({ prediction }) => <PredictionValue of={prediction} />,
                  },
                  { key: "truth", title: t("deployments.truth"), cell: (row) => <TruthCell of={row} /> },
                  ...(items.some(({ key }) => key !== null)
                    ? [
                        {
                          key: "key",
                          title: deployment.data?.key ?? t("words.key"),
                          cell: ({ key }: JudgedPrediction) => <code>{key}</code>,
                        },
                      ]
                    : []),
                  {
                    key: "version",
                    title: t("words.version"),
                    sort: (row) => row.version,
                    cell: (row) => (
                      <Go className="tag live" to={places.modelVersion(scope, row)}>
                        v{row.version}
                      </Go>
                    ),
                  },
                  {
                    key: "latency",
                    title: `${t("deployments.latencyShort")}, ms`,
                    number: true,
                    sort: ({ latencyMs }) => latencyMs,
                    cell: ({ latencyMs }) => format.metric(latencyMs, 2),
                  },
                  {
                    key: "record",
                    title: t("deployments.record"),
                    className: "cut",
                    cell: ({ record }) => <code>{JSON.stringify(record)}</code>,
                  },
                ]}
              />
              {next === null || limit >= MOST ? null : (
                <button type="button" className="button" onClick={() => setLimit(MOST)}>
                  {t("shell.more")}
                </button>
              )}
            </>
          )
        }
      </Loaded>
    </>
  );
}

function logCsv(log: readonly JudgedPrediction[]): string {
  const fields = [...new Set(log.flatMap(({ record }) => Object.keys(record)))];
  return toCsv(
    ["id", "receivedAt", "occurredAt", "model", "version", "latencyMs", "value", "truth", ...fields],
    log.map((row) => [
      row.id,
      row.receivedAt,
      row.occurredAt,
      row.model,
      row.version,
      row.latencyMs,
      row.prediction.value,
      row.truth?.value ?? "",
      ...fields.map((field) => row.record[field]),
    ]),
  );
}
