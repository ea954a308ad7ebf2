import type { Notification } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { Section } from "../../components/page-frame.tsx";
import { type Status, StatusWord } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { placeOfSubject } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

const MARKS = { queued: "running", sent: "ok", failed: "crit" } as const satisfies Record<
  Notification["state"],
  Status
>;

/** The newest messages: sent, on their way, or given up and why. */
export function MessageList() {
  const { t } = useWords();
  const scope = useScope();
  const messages = useAnswer(["platform", "listNotifications"], { limit: 50 });
  const items = messages.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={t("settings.messages")} hint={t("settings.messagesHint")}>
      <DataTable
        label={t("settings.messages")}
        view="messages"
        rows={items}
        rowKey={({ id }) => id}
        columns={[
          {
            key: "state",
            title: t("words.state"),
            sort: ({ state }) => state,
            cell: ({ state, attempts }) => (
              <>
                <StatusWord status={MARKS[state]}>{t(`settings.messageState.${state}`)}</StatusWord>
                {attempts > 1 ? (
                  <span className="quiet"> {t("settings.tries", { count: attempts })}</span>
                ) : null}
              </>
            ),
          },
          { key: "channel", title: t("settings.channel"), cell: ({ channel }) => channel },
          {
            key: "title",
            title: t("settings.message"),
            className: "sentence",
            cell: (message) => {
              const to = placeOfSubject(scope, message.subject);
              return (
                <>
                  {to === undefined ? <b>{message.title}</b> : <Go to={to}>{message.title}</Go>}
                  {message.problem === null ? null : (
                    <span className="is-crit small"> {message.problem}</span>
                  )}
                </>
              );
            },
          },
          {
            key: "at",
            title: t("words.time"),
            number: true,
            sort: ({ createdAt }) => createdAt,
            cell: ({ createdAt }) => <Moment at={createdAt} />,
          },
        ]}
      />
    </Section>
  );
}
