import type { Cycle } from "@causeway/contract";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go } from "../../components/go.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { useAction } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { isOpen } from "./cycle-status.ts";

/** What a person can do with a cycle: decide, stop it, or go back to the version before. Each says first what follows. */
export function CycleActions({ cycle, alias }: { cycle: Cycle; alias: string }) {
  const { t } = useWords();
  const scope = useScope();
  const [asked, setAsked] = useState<"cancel" | "roll-back" | undefined>();
  const [reason, setReason] = useState("");
  const cancel = useAction(["retraining", "cancelCycle"]);
  const rollBack = useAction(["retraining", "rollBackCycle"]);
  const version = cycle.candidate ?? cycle.challenger;
  const isServing = cycle.switchedAt !== null && cycle.state !== "rolled-back";
  const canCancel = isOpen(cycle) && cycle.switchedAt === null;
  const which = { policy: cycle.policy, number: cycle.number };
  const close = () => setAsked(undefined);
  return (
    <div className="stack">
      {cycle.approval === null || version === null ? null : (
        <Go
          className={cycle.state === "waiting-for-approval" ? "button primary" : "button"}
          to={places.approval(scope, { id: cycle.approval, model: cycle.model, version })}
        >
          {cycle.state === "waiting-for-approval"
            ? t("retraining.openApproval")
            : t("retraining.seeApproval")}
        </Go>
      )}
      {asked !== undefined ? null : (
        <div className="row-of-buttons">
          {isServing && cycle.champion !== null ? (
            <RightButton
              permission="retraining:approve"
              className="button danger"
              onClick={() => setAsked("roll-back")}
            >
              {t("retraining.rollBack")}
            </RightButton>
          ) : null}
          {canCancel ? (
            <RightButton permission="retraining:write" onClick={() => setAsked("cancel")}>
              {t("retraining.cancel")}
            </RightButton>
          ) : null}
        </div>
      )}
      {asked === "cancel" ? (
        <div className="note warn">
          <b>{t("retraining.cancelAsk", { number: cycle.number })}</b>
          <p className="second">{t("retraining.cancelText")}</p>
          <div className="ways">
            <RightButton
              permission="retraining:write"
              className="button danger"
              disabled={cancel.isPending}
              onClick={() => cancel.mutate(which, { onSuccess: close })}
            >
              {t("retraining.cancel")}
            </RightButton>
            <button type="button" className="button" onClick={close}>
              {t("shell.close")}
            </button>
          </div>
        </div>
      ) : null}
      {asked === "roll-back" && cycle.champion !== null ? (
        <div className="note crit">
          <b>
            {t("retraining.rollBackAsk", { alias, version: cycle.champion, environment: scope.environment })}
          </b>
          <p className="second">{t("retraining.rollBackText")}</p>
          <TextInput
            label={t("retraining.rollBackReason")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={1000}
          />
          <div className="ways">
            <RightButton
              permission="retraining:approve"
              className="button danger"
              disabled={rollBack.isPending}
              onClick={() => rollBack.mutate({ ...which, reason }, { onSuccess: close })}
            >
              {t("retraining.rollBackTo", { version: cycle.champion, environment: scope.environment })}
            </RightButton>
            <button type="button" className="button" onClick={close}>
              {t("shell.cancel")}
            </button>
          </div>
        </div>
      ) : null}
      {cancel.error === null ? null : <ErrorNote error={cancel.error} />}
      {rollBack.error === null ? null : <ErrorNote error={rollBack.error} />}
    </div>
  );
}
