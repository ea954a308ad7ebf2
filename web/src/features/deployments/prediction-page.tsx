import type { JudgedPrediction } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { Go, useSegment } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Column, PageHead } from "../../components/page-frame.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { PredictionValue } from "./prediction-value.tsx";
import { TruthOf } from "./truth-form.tsx";
import { versionSubject } from "./version-subject.ts";

/** One prediction: what was asked, what was answered, by which version; the trace leads on to its run and data. */
export function PredictionPage() {
  const { t } = useWords();
  const scope = useScope();
  const id = useSegment("prediction");
  const prediction = useAnswer(["deployments", "getPrediction"], { prediction: id });
  return (
    <Loaded answer={prediction} skeleton={<RowsSkeleton />}>
      {({ rows }) => (
        <>
          <PageHead
            title={t("deployments.prediction")}
            tab={`${t("deployments.prediction")} ${id.slice(-6)}`}
            sub={
              <>
                <CopyId id={id} />
                {rows[0] === undefined ? null : <Moment at={rows[0].receivedAt} />}
              </>
            }
          />
          {rows[0] === undefined ? null : (
            <SubjectTrace
              here="rows"
              subject={versionSubject(rows[0])}
              known={{
                deployment: { text: rows[0].deployment, to: places.deployment(scope, rows[0].deployment) },
              }}
              text={<code>{id.slice(-13)}</code>}
            />
          )}
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </>
      )}
    </Loaded>
  );
}

function Row({ row }: { row: JudgedPrediction }) {
  const { t, format } = useWords();
  const scope = useScope();
  const scores = Object.entries(row.prediction.scores ?? {}).sort(([, a], [, b]) => b - a);
  return (
    <div className="columns">
      <Column title={t("deployments.record")} hint={row.id}>
        <dl className="facts">
          {Object.entries(row.record).map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd className="mono">
                {value === null ? (
                  <span className="quiet">{t("data.missingCell")}</span>
                ) : typeof value === "string" ? (
                  value
                ) : (
                  JSON.stringify(value)
                )}
              </dd>
            </div>
          ))}
        </dl>
      </Column>
      <Column title={t("deployments.answer")} className="stack">
        <p className="answer">
          <PredictionValue of={row.prediction} />
        </p>
        {scores.length === 0 ? null : (
          <ul className="top-values scores">
            {scores.map(([label, score]) => (
              <li key={label}>
                <span className="bar" style={{ width: `${score * 100}%` }} />
                <span className="text">{label}</span>
                <span className="number">{format.metric(score)}</span>
              </li>
            ))}
          </ul>
        )}
        <TruthOf row={row} />
        <dl className="facts">
          <dt>{t("words.model")}</dt>
          <dd>
            <Go to={places.modelVersion(scope, row)}>
              {row.model} v{row.version}
            </Go>
          </dd>
          {row.key === null ? null : (
            <>
              <dt>{t("words.key")}</dt>
              <dd className="mono">
                <Go to={places.predictions(scope, row.deployment, { key: row.key })}>{row.key}</Go>
              </dd>
            </>
          )}
          <dt>{t("deployments.revision")}</dt>
          <dd>{row.revision}</dd>
          <dt>{t("deployments.latencyShort")}</dt>
          <dd>{format.metric(row.latencyMs, 2)} ms</dd>
          <dt>{t("deployments.happened")}</dt>
          <dd>{format.exact(new Date(row.occurredAt))}</dd>
          <dt>{t("deployments.received")}</dt>
          <dd>{format.exact(new Date(row.receivedAt))}</dd>
          <dt>{t("deployments.gateway")}</dt>
          <dd>{row.gateway}</dd>
        </dl>
      </Column>
    </div>
  );
}
