import type { Deployment } from "@causeway/contract";
import { Command } from "../../components/copy.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { NameForm } from "../../components/name-form.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";

/** The keys that callers of one deployment send; a key is shown once, when it is made. */
export function KeyList({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const keys = useAnswer(["deployments", "listKeys"], { deployment: deployment.name, limit: 1000 });
  const create = useAction(["deployments", "createKey"]);
  const revoke = useAction(["deployments", "revokeKey"]);
  return (
    <div className="section open stack">
      <NameForm
        label={t("deployments.keyName")}
        submit={t("deployments.newKey")}
        permission="deployments:write"
        action={create}
        onName={(name, done) => create.mutate({ deployment: deployment.name, name }, { onSuccess: done })}
      />
      {revoke.error === null ? null : <ErrorNote error={revoke.error} />}
      {create.data === undefined ? null : (
        <div className="note info">
          <b>{t("deployments.keyOnce", { name: create.data.key.name })}</b>
          <Command line={create.data.secret} />
        </div>
      )}
      <div>
        <SectionHead title={t("deployments.keys")} />
        <Loaded answer={keys}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="quiet">{t("deployments.noKeys")}</p>
            ) : (
              <DataTable
                label={t("deployments.keys")}
                rows={items}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: "name",
                    title: t("words.name"),
                    sort: (key) => key.name,
                    cell: (key) => <b>{key.name}</b>,
                  },
                  {
                    key: "state",
                    title: t("words.state"),
                    cell: ({ revokedAt }) => (
                      <StatusWord status={revokedAt === null ? "ok" : "blocked"}>
                        {t(revokedAt === null ? "settings.valid" : "settings.revoked")}
                      </StatusWord>
                    ),
                  },
                  { key: "by", title: t("words.createdBy"), cell: ({ createdBy }) => createdBy.name },
                  {
                    key: "created",
                    title: t("words.created"),
                    number: true,
                    sort: ({ createdAt }) => createdAt,
                    cell: ({ createdAt }) => <Moment at={createdAt} />,
                  },
                  {
                    key: "act",
                    title: "",
                    hidden: t("settings.revoke"),
                    number: true,
                    cell: ({ id, revokedAt }) =>
                      revokedAt === null ? (
                        <button
                          type="button"
                          className="button little danger"
                          disabled={revoke.isPending}
                          onClick={() => revoke.mutate({ deployment: deployment.name, key: id })}
                        >
                          {t("settings.revoke")}
                        </button>
                      ) : null,
                  },
                ]}
              />
            )
          }
        </Loaded>
      </div>
    </div>
  );
}
