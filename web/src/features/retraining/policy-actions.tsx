import type { Policy } from "@causeway/contract";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { useGo } from "../../components/go.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { useAction } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { isOpen } from "./cycle-status.ts";

/** Starts a cycle whatever the triggers say; what follows is said before. */
export function RunNow({ policy, close }: { policy: Policy; close: () => void }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const start = useAction(["retraining", "startCycle"]);
  const [reason, setReason] = useState("");
  const open = policy.newest !== null && isOpen(policy.newest) ? policy.newest : null;
  return (
    <div className="note info act-note">
      <b>{t("retraining.runNowAsk", { environment: scope.environment })}</b>
      <p className="second">
        {open === null ? t("retraining.runNowText") : t("retraining.busy", { number: open.number })}
      </p>
      <TextInput
        label={t("retraining.runReason")}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
      />
      {start.error === null ? null : <ErrorNote error={start.error} />}
      <div className="ways">
        <RightButton
          permission="retraining:write"
          className="button primary"
          disabled={open !== null || start.isPending}
          onClick={() =>
            start.mutate(
              { policy: policy.name, reason },
              { onSuccess: (cycle) => go(places.cycle(scope, cycle)) },
            )
          }
        >
          {t("retraining.startCycle", { environment: scope.environment })}
        </RightButton>
        <button type="button" className="button" onClick={close}>
          {t("shell.cancel")}
        </button>
      </div>
    </div>
  );
}

/** Ends a policy; in prod its name is typed before. */
export function EndPolicy({ policy }: { policy: Policy }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const remove = useAction(["retraining", "deletePolicy"]);
  const [isAsked, setAsked] = useState(false);
  const [typed, setTyped] = useState("");
  const mustType = scope.environment === "prod";
  if (!isAsked) {
    return (
      <p className="small">
        <button type="button" className="link-button" onClick={() => setAsked(true)}>
          {t("retraining.end")}
        </button>
      </p>
    );
  }
  return (
    <div className="note crit">
      <b>{t("retraining.endAsk", { policy: policy.name, environment: scope.environment })}</b>
      <p className="second">{t("retraining.endText")}</p>
      {mustType ? (
        <TextInput
          label={t("retraining.typeName", { policy: policy.name })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      ) : null}
      {remove.error === null ? null : <ErrorNote error={remove.error} />}
      <div className="ways">
        <RightButton
          permission="retraining:write"
          className="button danger"
          disabled={remove.isPending || (mustType && typed !== policy.name)}
          onClick={() =>
            remove.mutate({ policy: policy.name }, { onSuccess: () => go(places.stage(scope, "retraining")) })
          }
        >
          {t("retraining.endIn", { policy: policy.name, environment: scope.environment })}
        </RightButton>
        <button type="button" className="button" onClick={() => setAsked(false)}>
          {t("shell.cancel")}
        </button>
      </div>
    </div>
  );
}
