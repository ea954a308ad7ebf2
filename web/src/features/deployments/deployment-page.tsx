import type { Deployment } from "@causeway/contract";
import { ErrorNote } from "../../components/error-note.tsx";
import { codedError } from "../../components/error-words.ts";
import { Go, useSegment } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { Column, PageHead } from "../../components/page-frame.tsx";
import { StatusMark, StatusWord } from "../../components/status-mark.tsx";
import { SubjectTrace } from "../../components/subject-trace.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { deploymentStatus } from "../../components/work-status.ts";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { KeyList } from "./key-list.tsx";
import { LogFacts } from "./log-facts.tsx";
import { LogSettings } from "./log-settings.tsx";
import { RevisionList } from "./revision-list.tsx";
import { SwitchForm } from "./switch-form.tsx";
import { TrafficView } from "./traffic-view.tsx";
import { TryIt } from "./try-it.tsx";
import { versionSubject } from "./version-subject.ts";
import { WatchLinks } from "./watch-links.tsx";

/** While a version is being loaded, how often the page asks; then events tell. */
const LOADING_MS = 1_500;

/** One deployment: what answers now, how it does, the first request to copy, its keys and what it served before. */
export function DeploymentPage() {
  const name = useSegment("deployment");
  const deployment = useAnswer(["deployments", "getDeployment"], { deployment: name });
  const isMoving = deployment.data?.state === "pending";
  const moving = useAnswer(
    ["deployments", "getDeployment"],
    { deployment: name },
    { enabled: isMoving, everyMs: LOADING_MS },
  );
  return (
    <Loaded
      answer={isMoving && moving.data !== undefined ? moving : deployment}
      skeleton={<PictureSkeleton height={420} />}
    >
      {(known) => <DeploymentView deployment={known} />}
    </Loaded>
  );
}

function DeploymentView({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const problem = deployment.gateways.find((report) => report.problem !== null)?.problem ?? null;
  return (
    <>
      <PageHead
        title={deployment.name}
        sub={<Sub deployment={deployment} />}
        actions={
          <Go className="button" to={places.predictions(scope, deployment.name)}>
            {t("deployments.predictions")}
          </Go>
        }
      />
      <SubjectTrace
        here="deployment"
        subject={versionSubject(deployment.serving ?? deployment.revision)}
        text={deployment.name}
      />
      {problem === null ? null : <ErrorNote error={codedError(problem)} />}
      <Tabs
        label={deployment.name}
        tabs={[
          ["serving", t("deployments.serving")],
          ["try", t("deployments.tryIt")],
          ["keys", t("deployments.keys")],
          ["revisions", t("deployments.revisions")],
        ]}
      >
        {(open) => {
          switch (open) {
            case "serving":
              return (
                <div className="columns open">
                  <TrafficView deployment={deployment} />
                  <Column className="stack">
                    <WatchLinks deployment={deployment} />
                    <LogFacts deployment={deployment} />
                    <Gateways deployment={deployment} />
                    <LogSettings
                      key={`${deployment.key} ${deployment.retentionDays}`}
                      deployment={deployment}
                    />
                    <SwitchForm deployment={deployment} />
                  </Column>
                </div>
              );
            case "try":
              return <TryIt deployment={deployment} />;
            case "keys":
              return <KeyList deployment={deployment} />;
            case "revisions":
              return <RevisionList deployment={deployment} />;
            default:
              return open satisfies never;
          }
        }}
      </Tabs>
    </>
  );
}

function Sub({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const { serving, revision } = deployment;
  const now = serving ?? revision;
  return (
    <>
      <StatusWord status={deploymentStatus(deployment.state)}>
        {t(`deploymentState.${deployment.state}`)}
      </StatusWord>
      <span>
        <Go to={places.modelVersion(scope, now)}>
          {now.model} v{now.version}
        </Go>{" "}
        {t("deployments.following", { reference: deployment.serve })}
      </span>
      {serving !== null && serving.number !== revision.number ? (
        <span className="is-running">{t("deployments.movesTo", { version: revision.version })}</span>
      ) : null}
      <span>
        {t("deployments.since")} <Moment at={now.createdAt} />
      </span>
      <code>{deployment.url}</code>
    </>
  );
}

function Gateways({ deployment }: { deployment: Deployment }) {
  const { t, format } = useWords();
  const marks = { loading: "running", ready: "ok", failed: "crit" } as const;
  return (
    <div>
      <div className="section-head">
        <h2>{t("deployments.gateways")}</h2>
        <span className="quiet">{t("deployments.gatewaysHint")}</span>
      </div>
      {deployment.gateways.length === 0 ? (
        <p className="quiet">
          {t("deployments.noGateway")} <Elapsed from={deployment.revision.createdAt} to={null} />
        </p>
      ) : (
        <ul className="needs">
          {deployment.gateways.map((report) => (
            <li key={report.gateway}>
              <StatusMark status={marks[report.state]} />
              <b>{report.gateway}</b>
              <p>
                {t(`gatewayState.${report.state}`, { revision: report.revision })}
                {report.loadMs === null
                  ? ""
                  : ` · ${t("deployments.loadedIn", { span: format.duration(report.loadMs) })}`}
                {report.golden === null
                  ? ""
                  : ` · ${t("deployments.goldenEqual", { equal: report.golden.equal, rows: report.golden.rows })}`}
                <br />
                <Moment at={report.reportedAt} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
