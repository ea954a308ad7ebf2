import { saveText, toCsv } from "../../components/csv.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Section } from "../../components/page-frame.tsx";
import { useAnswer } from "../../lib/api.ts";
import { placeOfSubject, titleOfSubject } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** Who changed what, newest first. */
export function AuditSection() {
  const { t, format } = useWords();
  const scope = useScope();
  const audit = useAnswer(["platform", "listAudit"], { limit: 500 });
  return (
    <Section
      open
      title={t("settings.audit")}
      hint={t("settings.auditHint")}
      right={
        audit.data === undefined ? undefined : (
          <button
            type="button"
            className="link-button"
            onClick={() =>
              saveText(
                "audit.csv",
                toCsv(
                  ["recordedAt", "actor", "action", "subject", "environment", "requestId"],
                  audit.data.items.map((record) => [
                    record.recordedAt,
                    record.actor.name,
                    record.action,
                    record.subject,
                    record.environment,
                    record.requestId,
                  ]),
                ),
              )
            }
          >
            {t("shell.csv")}
          </button>
        )
      }
    >
      <Loaded answer={audit}>
        {({ items }) => (
          <DataTable
            label={t("settings.audit")}
            compact
            rows={items}
            rowKey={({ id }) => id}
            columns={[
              {
                key: "at",
                title: t("words.time"),
                sort: ({ recordedAt }) => recordedAt,
                cell: ({ recordedAt }) => {
                  const at = new Date(recordedAt);
                  return (
                    <time dateTime={recordedAt} title={format.exact(at)}>
                      {format.day(at, new Date())} {format.exactTime(at)}
                    </time>
                  );
                },
              },
              {
                key: "who",
                title: t("words.actor"),
                sort: ({ actor }) => actor.name,
                cell: ({ actor }) => actor.name,
              },
              {
                key: "what",
                title: t("words.action"),
                sort: ({ action }) => action,
                cell: ({ action }) => <code>{action}</code>,
              },
              {
                key: "subject",
                title: t("settings.subject"),
                className: "cut",
                cell: ({ subject }) => {
                  const to = placeOfSubject(scope, subject);
                  return to === undefined ? (
                    titleOfSubject(subject)
                  ) : (
                    <Go to={to}>{titleOfSubject(subject)}</Go>
                  );
                },
              },
              {
                key: "environment",
                title: t("words.environment"),
                cell: ({ environment }) => environment ?? "",
              },
              {
                key: "request",
                title: t("words.request"),
                minor: true,
                cell: ({ requestId }) => (requestId === null ? "" : <code>{requestId}</code>),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
