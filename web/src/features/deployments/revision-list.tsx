import type { Deployment } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go } from "../../components/go.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** What a deployment served, newest first, and the way back to any of it. */
export function RevisionList({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const revisions = useAnswer(["deployments", "listRevisions"], { deployment: deployment.name, limit: 1000 });
  const update = useAction(["deployments", "updateDeployment"]);
  const isServing = (number: number) => number === deployment.serving?.number;
  return (
    <div className="section open">
      {update.error === null ? null : <ErrorNote error={update.error} />}
      <Loaded answer={revisions}>
        {({ items }) => (
          <DataTable
            label={t("deployments.revisions")}
            rows={items}
            rowKey={({ number }) => String(number)}
            columns={[
              { key: "number", title: t("deployments.revision"), cell: ({ number }) => <b>{number}</b> },
              {
                key: "version",
                title: t("words.version"),
                cell: (revision) => (
                  <Go to={places.modelVersion(scope, revision)}>
                    {revision.model} v{revision.version}
                  </Go>
                ),
              },
              {
                key: "state",
                title: t("words.state"),
                cell: ({ number }) =>
                  isServing(number) ? (
                    <StatusWord status="ok">{t("deploymentState.ready")}</StatusWord>
                  ) : number === deployment.revision.number ? (
                    <StatusWord status={deployment.state === "failed" ? "crit" : "running"}>
                      {t(`deploymentState.${deployment.state}`)}
                    </StatusWord>
                  ) : (
                    <span className="quiet">{t("deployments.past")}</span>
                  ),
              },
              {
                key: "digest",
                title: t("words.digest"),
                cell: ({ digest }) => <code>{shortDigest(digest)}</code>,
              },
              { key: "by", title: t("words.createdBy"), cell: ({ createdBy }) => createdBy.name },
              {
                key: "created",
                title: t("words.created"),
                number: true,
                cell: ({ createdAt }) => <Moment at={createdAt} />,
              },
              {
                key: "act",
                title: "",
                hidden: t("deployments.switch"),
                number: true,
                cell: ({ number, model, version }) =>
                  isServing(number) ? null : (
                    <button
                      type="button"
                      className="button little"
                      disabled={update.isPending}
                      onClick={() =>
                        update.mutate({ deployment: deployment.name, serve: `${model}@${version}` })
                      }
                    >
                      {t("deployments.rollBack", { version })}
                    </button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </div>
  );
}
