import type { Alert, Cycle } from "@causeway/contract";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { alertEvidence, alertTitle } from "../../components/alert-words.ts";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { Facts } from "../../components/page-frame.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { useAction } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { alertStatus } from "./judgement.ts";

/** An alert with all that a reader needs to believe it: what, since when, how sure, who knows, what answers it. */
export function AlertEvidence({
  alert,
  channels,
  cycle,
}: {
  alert: Alert;
  channels: readonly string[];
  /** The retraining that this alert started. */
  cycle: Cycle | undefined;
}) {
  const { t, format } = useWords();
  const scope = useScope();
  const tone = alert.state === "resolved" ? "info" : alert.severity === "critical" ? "crit" : "warn";
  return (
    <section className={`note ${tone} evidence`} aria-label={t("monitoring.alert")}>
      <div>
        <b>{alertTitle(alert, { t, format })}</b>
        {alertEvidence(alert, { t, format }).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {alert.state === "resolved" ? null : <Answer alert={alert} />}
      </div>
      <Facts
        of={[
          [
            t("words.state"),
            <StatusWord key="state" status={alertStatus(alert)}>
              {t(`alertState.${alert.state}`)}
            </StatusWord>,
          ],
          [t("monitoring.noticed"), <Moment key="noticed" at={alert.raisedAt} />],
          [
            t("monitoring.since"),
            t("monitoring.sinceWindows", { day: format.day(new Date(alert.since)), count: alert.windows }),
          ],
          [t("monitoring.sentTo"), channels.length === 0 ? t("shell.none") : channels.join(", ")],
          [
            t("monitoring.answer"),
            cycle === undefined ? null : (
              <Go key="cycle" to={places.cycle(scope, cycle)}>
                {cycle.policy} {cycle.number}, {t(`cycleState.${cycle.state}`)}
              </Go>
            ),
          ],
          [
            t("monitoring.acknowledgedBy"),
            alert.acknowledgedBy === null || alert.acknowledgedAt === null ? null : (
              <span key="acknowledged">
                {alert.acknowledgedBy.name}, <Moment at={alert.acknowledgedAt} />
              </span>
            ),
          ],
          [
            t("monitoring.resolvedBy"),
            alert.resolvedAt === null ? null : (
              <span key="resolved">
                {alert.resolvedBy?.name ?? t("monitoring.byItself")}, <Moment at={alert.resolvedAt} />
              </span>
            ),
          ],
          [t("monitoring.note"), alert.note],
        ]}
      />
    </section>
  );
}

/** What a person can do about an alert, with a word to the others. */
function Answer({ alert }: { alert: Alert }) {
  const { t } = useWords();
  const [note, setNote] = useState("");
  const acknowledge = useAction(["monitoring", "acknowledgeAlert"]);
  const resolve = useAction(["monitoring", "resolveAlert"]);
  const input = { alert: alert.id, ...(note.trim() === "" ? {} : { note: note.trim() }) };
  const error = acknowledge.error ?? resolve.error;
  return (
    <>
      <div className="ways">
        <TextInput
          aria-label={t("monitoring.note")}
          placeholder={t("monitoring.noteHint")}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={1000}
        />
        {alert.state === "open" ? (
          <RightButton
            permission="monitoring:write"
            disabled={acknowledge.isPending}
            onClick={() => acknowledge.mutate(input)}
          >
            {t("monitoring.acknowledge")}
          </RightButton>
        ) : null}
        <RightButton
          permission="monitoring:write"
          disabled={resolve.isPending}
          onClick={() => resolve.mutate(input)}
        >
          {t("monitoring.resolve")}
        </RightButton>
      </div>
      {error === null ? null : <ErrorNote error={error} />}
    </>
  );
}
