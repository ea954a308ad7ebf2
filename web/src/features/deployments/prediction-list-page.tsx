import type { LoggedPrediction } from "@causeway/contract";
import { TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { saveText, toCsv } from "../../components/csv.ts";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go, useGo, useSegment, useView } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { curlLine } from "./curl-line.ts";
import { PredictionValue } from "./prediction-value.tsx";
import { versionSubject } from "./version-subject.ts";

const PAGE = 200;
const MOST = 1000;

/** The prediction log of one deployment: every answer with what it was asked. */
export function PredictionListPage() {
  const { t, format } = useWords();
  const scope = useScope();
  const go = useGo();
  const name = useSegment("deployment");
  const [versionText, setVersion] = useView("version");
  const [limit, setLimit] = useState(PAGE);
  const [id, setId] = useState("");
  const version = Number.parseInt(versionText, 10);
  const log = useAnswer(["deployments", "listPredictions"], {
    deployment: name,
    limit,
    ...(Number.isInteger(version) && version > 0 ? { version } : {}),
  });
  const deployment = useAnswer(["deployments", "getDeployment"], { deployment: name });
  const serving = deployment.data?.serving ?? deployment.data?.revision;
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (id.trim() !== "") go(places.prediction(scope, name, id.trim()));
  };
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
      <form className="filters" onSubmit={find}>
        <TextInput
          data-filter
          aria-label={t("deployments.byId")}
          placeholder={t("deployments.byId")}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          w={320}
        />
        <TextInput
          aria-label={t("words.version")}
          placeholder={t("words.version")}
          value={versionText}
          onChange={(event) => setVersion(event.currentTarget.value)}
          w={120}
          inputMode="numeric"
        />
        {log.data === undefined || log.data.items.length === 0 ? null : (
          <button
            type="button"
            className="link-button"
            onClick={() => saveText(`${name}-predictions.csv`, logCsv(log.data.items))}
          >
            {t("shell.csv")}
          </button>
        )}
      </form>
      <Loaded answer={log} skeleton={<RowsSkeleton rows={12} />}>
        {({ items, next }) =>
          items.length === 0 ? (
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
                    sort: ({ receivedAt }) => receivedAt,
                    cell: ({ receivedAt }) => (
                      <time dateTime={receivedAt} title={format.exact(new Date(receivedAt))}>
                        {format.day(new Date(receivedAt), new Date())}{" "}
                        {format.exactTime(new Date(receivedAt))}
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

function logCsv(log: readonly LoggedPrediction[]): string {
  const fields = [...new Set(log.flatMap(({ record }) => Object.keys(record)))];
  return toCsv(
    ["id", "receivedAt", "occurredAt", "model", "version", "latencyMs", "value", ...fields],
    log.map((row) => [
      row.id,
      row.receivedAt,
      row.occurredAt,
      row.model,
      row.version,
      row.latencyMs,
      row.prediction.value,
      ...fields.map((field) => row.record[field]),
    ]),
  );
}
