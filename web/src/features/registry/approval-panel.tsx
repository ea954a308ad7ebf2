import type { Approval, Gate } from "@causeway/contract";
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { CopyId } from "../../components/copy.tsx";
import { approvalReason, approvalText } from "../../components/cycle-words.ts";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { middle } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { approvalStatus, whyNotYou } from "./approval-right.ts";
import { GateState } from "./gate-view.tsx";

/** The figures that stand in the panel; a phone shows them before all else. */
const FIGURES = 3;

/** The decision: what moves, what follows, who asked, until when; and the two buttons. Opening it decides nothing. */
export function ApprovalPanel({ approval, gate }: { approval: Approval; gate: Gate | undefined }) {
  const { t, format } = useWords();
  const isPending = approval.state === "pending";
  return (
    <div className="approval">
      <SectionHead
        title={t("registry.decideOn", { alias: approval.alias, environment: approval.environment })}
        hint={
          isPending ? (
            <time dateTime={approval.expiresAt} title={format.exact(new Date(approval.expiresAt))}>
              {t("registry.expires", { at: format.dateTime(new Date(approval.expiresAt), new Date()) })}
            </time>
          ) : undefined
        }
      />
      <StatusWord status={approvalStatus(approval.state)}>
        {t(`registry.approvalState.${approval.state}`)}
      </StatusWord>
      {gate === undefined ? null : <Figures gate={gate} />}
      <p className="second">{approvalText(approval, { t, format })}</p>
      {isPending ? <Consequences approval={approval} /> : <Decided approval={approval} />}
      {isPending ? <Decide key={approval.id} approval={approval} /> : null}
      <Bound approval={approval} />
    </div>
  );
}

/** Champion, challenger and difference of the first rules that have them. */
function Figures({ gate }: { gate: Gate }) {
  const { t, format } = useWords();
  const shown = gate.verdicts
    .flatMap(({ rule, champion, challenger, difference }) =>
      challenger === null || !("metric" in rule) ? [] : [{ rule, champion, challenger, difference }],
    )
    .slice(0, FIGURES);
  return (
    <>
      {shown.length === 0 ? null : (
        <table className="table compact figures-of-gate">
          <thead>
            <tr>
              <th scope="col">{t("words.metric")}</th>
              <th scope="col" className="number">
                {gate.champion === null ? "" : `v${gate.champion}`}
              </th>
              <th scope="col" className="number">
                v{gate.version}
              </th>
              <th scope="col" className="number">
                {t("data.rowChange")}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ rule, champion, challenger, difference }) => (
              <tr key={JSON.stringify(rule)}>
                <td>{rule.metric}</td>
                <td className="number live">{champion === null ? "" : format.metric(champion.value)}</td>
                <td className="number strong candidate">{format.metric(challenger.value)}</td>
                <td className="number">{difference === null ? "" : format.signed(difference.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <GateState gate={gate} />
    </>
  );
}

function Consequences({ approval }: { approval: Approval }) {
  const { t } = useWords();
  const deployments = useAnswer(["deployments", "listDeployments"], {});
  const followers = (deployments.data?.items ?? []).filter(
    ({ serve }) => serve === `${approval.model}@${approval.alias}`,
  );
  return (
    <>
      <b className="small">{t("registry.ifApproved")}</b>
      <ul className="consequences">
        <li>
          {approval.current === null
            ? t("registry.names", { alias: approval.alias, environment: approval.environment })
            : t("registry.takesPlace", {
                current: approval.current,
                alias: approval.alias,
                environment: approval.environment,
              })}
        </li>
        {followers.map(({ name }) => (
          <li key={name}>{t("registry.switches", { deployment: name, version: approval.version })}</li>
        ))}
        {approval.current === null ? null : (
          <li>{t("registry.staysRegistered", { current: approval.current })}</li>
        )}
      </ul>
    </>
  );
}

function Decide({ approval }: { approval: Approval }) {
  const { t } = useWords();
  const scope = useScope();
  const [reason, setReason] = useState("");
  const identity = useAnswer(["platform", "whoAmI"], {});
  const decide = useAction(["registry", "decideApproval"]);
  const why = identity.data === undefined ? undefined : whyNotYou(approval, identity.data);
  const isDisabled = why !== undefined || decide.isPending;
  const send = (decision: "approve" | "reject") =>
    decide.mutate({ approval: approval.id, decision, digest: approval.digest, reason });
  return (
    <>
      <Textarea
        label={t("registry.reasonKept")}
        placeholder={t("registry.reasonHint")}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        minRows={2}
        rows={2}
        maxLength={1000}
        disabled={why !== undefined}
      />
      <div className="decide-actions">
        <button
          type="button"
          className="button primary"
          disabled={isDisabled}
          onClick={() => send("approve")}
        >
          {t("registry.approveFor", { environment: approval.environment })}
        </button>
        <button type="button" className="button danger" disabled={isDisabled} onClick={() => send("reject")}>
          {t("registry.reject")}
        </button>
      </div>
      {decide.error === null ? null : <ErrorNote error={decide.error} />}
      {why === undefined ? null : (
        <p className="note warn small">
          {why.kind === "right"
            ? t("shell.noRight", { permission: why.permission })
            : t("registry.fourEyesYou", { who: why.who })}
        </p>
      )}
      <p className="quiet small">
        {identity.data === undefined ? null : t("registry.youAre", { who: identity.data.actor.name })}{" "}
        <code>{commandLine(scope, `registry approve ${approval.id}`)}</code>
      </p>
    </>
  );
}

function Decided({ approval }: { approval: Approval }) {
  const { t, format } = useWords();
  if (approval.decidedBy === null || approval.decidedAt === null) return null;
  return (
    <p>
      {t("registry.decidedBy", { who: approval.decidedBy.name })} <Moment at={approval.decidedAt} />
      {approval.reason === null || approval.reason === "" ? null : (
        <>
          {": "}
          <q>{approvalReason(approval, { t, format })}</q>
        </>
      )}
    </p>
  );
}

/** What an approval is bound to, who asked, and who may not decide. */
function Bound({ approval }: { approval: Approval }) {
  const { t } = useWords();
  const scope = useScope();
  return (
    <p className="quiet small">
      {t("registry.askedBy", { who: approval.requestedBy.name })} <Moment at={approval.requestedAt} />.{" "}
      {approval.judgedVersion === null ? null : (
        <>
          {t("registry.refitApproval", { version: approval.version, judged: approval.judgedVersion })}{" "}
          <Go to={places.modelVersion(scope, { model: approval.model, version: approval.judgedVersion })}>
            {approval.model} v{approval.judgedVersion}
          </Go>
          .{" "}
        </>
      )}
      {approval.fourEyes
        ? `${t("registry.fourEyesNote", { who: approval.notBy.map(({ name }) => name).join(", ") })} `
        : null}
      {t("registry.bindsTo")} <CopyId id={approval.digest} short={`sha256 ${middle(approval.digest, 4)}`} />
    </p>
  );
}
