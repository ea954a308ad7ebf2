import type { Policy } from "@causeway/contract";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { useGo } from "../../components/go.tsx";
import { Removal } from "../../components/removal.tsx";
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

/** Ends a policy. */
export function EndPolicy({ policy: { name } }: { policy: Policy }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const remove = useAction(["retraining", "deletePolicy"]);
  return (
    <Removal
      name={name}
      permission="retraining:write"
      words={{
        open: t("retraining.end"),
        ask: t("retraining.endAsk", { policy: name, environment: scope.environment }),
        text: t("retraining.endText"),
        typeName: t("retraining.typeName", { policy: name }),
        confirm: t("retraining.endIn", { policy: name, environment: scope.environment }),
      }}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate({ policy: name }, { onSuccess: () => go(places.stage(scope, "retraining")) })
      }
    />
  );
}
