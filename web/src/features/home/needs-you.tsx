import type { Approval } from "@causeway/contract";
import type { ReactNode } from "react";
import { alertTitle } from "../../components/alert-words.ts";
import { approvalText, cycleProblem } from "../../components/cycle-words.ts";
import { codedError, errorTitle } from "../../components/error-words.ts";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { Column } from "../../components/page-frame.tsx";
import { StatusMark } from "../../components/status-mark.tsx";
import type { Format } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { type Scope, useScope } from "../../lib/scope.ts";
import { Sentence, type Translate, useWords } from "../../lib/words.tsx";
import type { Need } from "./stage-state.ts";

/** What waits for a person in this environment, the worst first. */
export function NeedsYou({ needs }: { needs: readonly Need[] }) {
  const { t, format } = useWords();
  const scope = useScope();
  return (
    <Column
      className="for-you"
      title={t("home.needs")}
      hint={needs.length === 0 ? undefined : String(needs.length)}
    >
      {needs.length === 0 ? (
        <p className="quiet">{t("home.needsNothing", { environment: scope.environment })}</p>
      ) : (
        <ul className="needs">
          {needs.map((need) => {
            const { key, title, text, act, to } = wordsOf(need, scope, { t, format });
            return (
              <li key={key}>
                <StatusMark status={need.status} />
                <b>{title}</b>
                <p>{text}</p>
                <Go
                  className={need.status === "waiting" ? "button primary little act" : "button little act"}
                  to={to}
                >
                  {act}
                </Go>
              </li>
            );
          })}
        </ul>
      )}
    </Column>
  );
}

function wordsOf(
  need: Need,
  scope: Scope,
  { t, format }: { t: Translate; format: Format },
): { key: string; title: string; text: ReactNode; act: string; to: string } {
  switch (need.kind) {
    case "approval":
      return {
        key: `approval:${need.approval.id}`,
        title: t("home.approve", {
          model: need.approval.model,
          version: need.approval.version,
          alias: need.approval.alias,
          environment: need.approval.environment,
        }),
        text: <ApprovalText approval={need.approval} />,
        act: t("home.review"),
        to: places.approval(scope, need.approval),
      };
    case "alert":
      return {
        key: `alert:${need.alert.id}`,
        title: `${need.alert.monitor}: ${t(`alertKind.${need.alert.kind}`)}`,
        text: alertTitle(need.alert, { t, format }),
        act: t("home.open"),
        to: places.alert(scope, need.alert),
      };
    case "cycle-ended":
      return {
        key: `cycle:${need.cycle.policy}`,
        title: t("home.cycleEnded", {
          cycle: `${need.cycle.policy} ${need.cycle.number}`,
          state: t(`cycleState.${need.cycle.state}`),
        }),
        text: `${cycleProblem(need.cycle, { t, format }) ?? ""} ${t("home.cycleEndedText")}`.trim(),
        act: t("home.open"),
        to: places.cycle(scope, need.cycle),
      };
    case "monitor-problem":
      return {
        key: `monitor:${need.monitor.name}`,
        title: t("home.monitorProblem", { monitor: need.monitor.name }),
        text: need.problem,
        act: t("home.open"),
        to: places.monitor(scope, need.monitor.name),
      };
    case "deployment-failed":
      return {
        key: `deployment:${need.deployment.name}`,
        title: t("home.deploymentFailed", { deployment: need.deployment.name }),
        text:
          need.problem === null
            ? t("home.deploymentFailedText")
            : errorTitle(codedError(need.problem), { t, format }),
        act: t("home.open"),
        to: places.deployment(scope, need.deployment.name),
      };
    case "pipeline-failed":
      return {
        key: `pipeline:${need.run.pipeline}`,
        title: t("home.pipelineFailed", { pipeline: need.run.pipeline, number: String(need.run.number) }),
        text:
          need.step === null
            ? (need.run.problem ?? "")
            : `${t("home.pipelineFailedAt", { step: need.step })} ${need.run.problem ?? ""}`,
        act: t("home.open"),
        to: places.pipelineRun(scope, need.run, need.step === null ? {} : { step: need.step }),
      };
    case "no-champion":
      return {
        key: `model:${need.model.name}`,
        title: t("home.noChampion", { model: need.model.name, environment: scope.environment }),
        text: t("home.noChampionText", { version: need.version }),
        act: t("home.review"),
        to: places.modelVersion(scope, { model: need.model.name, version: need.version }),
      };
    case "newer-version":
      return {
        key: `model:${need.model.name}`,
        title: t("home.newerVersion", { model: need.model.name, version: need.version }),
        text: t("home.newerVersionText", { champion: need.champion, environment: scope.environment }),
        act: t("home.review"),
        to: places.modelVersion(scope, { model: need.model.name, version: need.version }),
      };
    case "quarantine":
      return {
        key: `dataset:${need.dataset.name}`,
        title: t("home.setAside", { dataset: need.dataset.name, count: need.rows }),
        text: t("home.setAsideText"),
        act: t("home.open"),
        to: places.datasetVersion(
          scope,
          { dataset: need.dataset.name, id: need.dataset.latest?.id ?? "latest" },
          { tab: "quarantine" },
        ),
      };
    default:
      return need satisfies never;
  }
}

/** What a person needs to decide: the figures, since when it waits, until when. */
function ApprovalText({ approval }: { approval: Approval }) {
  const words = useWords();
  return (
    <>
      {approvalText(approval, words)}
      <br />
      <Sentence
        of="home.approveUntil"
        parts={{
          since: <Moment at={approval.requestedAt} />,
          until: <Moment at={approval.expiresAt} />,
        }}
      />
    </>
  );
}
