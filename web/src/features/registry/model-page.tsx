import type { Model, ModelVersion } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { Go, useSegment } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Column, PageHead } from "../../components/page-frame.tsx";
import { Spark } from "../../components/spark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { AliasRuleForm } from "./alias-rule-form.tsx";
import { AliasTags } from "./alias-tags.tsx";
import { ApprovalList } from "./approval-list.tsx";
import { leadEstimate } from "./estimates.ts";

/** One model: its versions with their scores, and its aliases in every environment. */
export function ModelPage() {
  const name = useSegment("model");
  const model = useAnswer(["registry", "getModel"], { model: name });
  return (
    <Loaded answer={model} skeleton={<PictureSkeleton height={320} />}>
      {(known) => <ModelView model={known} />}
    </Loaded>
  );
}

function ModelView({ model }: { model: Model }) {
  const { t, format } = useWords();
  const scope = useScope();
  const versions = useAnswer(["registry", "listVersions"], { model: model.name, limit: 1000 });
  const champion = model.aliases.find(
    ({ alias, environment }) => alias === "champion" && environment === scope.environment,
  );
  const leads = (versions.data?.items ?? [])
    .flatMap(({ report }) => leadEstimate(report)?.value ?? [])
    .reverse();
  return (
    <>
      <PageHead
        title={model.name}
        sub={
          <>
            <span>{t("data.versionCount", { count: model.versions })}</span>
            <span>
              {champion === undefined
                ? t("registry.noChampion", { environment: scope.environment })
                : t("registry.championIs", { version: champion.version, environment: scope.environment })}
            </span>
            {model.description === "" ? null : <span>{model.description}</span>}
          </>
        }
        actions={
          model.latest === null ? undefined : (
            <Go className="button primary" to={places.modelVersion(scope, model.latest)}>
              {t("data.openNewest")}
            </Go>
          )
        }
      />
      <div className="columns">
        <Column title={t("words.versions")} right={<Spark values={leads} width={140} />}>
          <Loaded answer={versions}>
            {({ items }) => (
              <DataTable
                label={t("words.versions")}
                rows={items}
                rowKey={({ version }) => String(version)}
                open={(version) => places.modelVersion(scope, version)}
                columns={[
                  {
                    key: "version",
                    title: t("words.version"),
                    sort: ({ version }) => version,
                    cell: (version) => (
                      <Go className="ink-link strong" to={places.modelVersion(scope, version)}>
                        v{version.version}
                      </Go>
                    ),
                  },
                  {
                    key: "aliases",
                    title: t("words.aliases"),
                    cell: ({ aliases }) => (
                      <AliasTags
                        aliases={aliases.filter(({ environment }) => environment === scope.environment)}
                      />
                    ),
                  },
                  {
                    key: "lead",
                    title: t("registry.leadMetric"),
                    number: true,
                    sort: ({ report }) => leadEstimate(report)?.value,
                    cell: (version) => <LeadOf of={version} />,
                  },
                  { key: "format", title: t("registry.format"), cell: ({ format: kind }) => kind },
                  {
                    key: "size",
                    title: t("words.size"),
                    number: true,
                    minor: true,
                    sort: ({ bytes }) => bytes,
                    cell: ({ bytes }) => format.bytes(bytes),
                  },
                  {
                    key: "digest",
                    title: t("words.digest"),
                    minor: true,
                    cell: ({ digest }) => <code>{shortDigest(digest)}</code>,
                  },
                  {
                    key: "from",
                    title: t("registry.from"),
                    cell: (version) => <FromOf of={version} />,
                  },
                  {
                    key: "registered",
                    title: t("registry.registered"),
                    number: true,
                    sort: ({ createdAt }) => createdAt,
                    cell: ({ createdAt }) => <Moment at={createdAt} />,
                  },
                ]}
              />
            )}
          </Loaded>
        </Column>
        <Column title={t("words.aliases")} hint={t("registry.aliasesHint")} className="stack">
          {model.aliases.length === 0 ? (
            <p className="quiet">{t("registry.noAliases")}</p>
          ) : (
            <table className="table compact">
              <tbody>
                {model.aliases.map((alias) => (
                  <tr key={`${alias.alias}:${alias.environment}`}>
                    <td>
                      <AliasTags aliases={[alias]} />
                    </td>
                    <td>{alias.environment}</td>
                    <td>
                      <Go to={places.modelVersion(scope, { model: model.name, version: alias.version })}>
                        v{alias.version}
                      </Go>
                    </td>
                    <td className="number">
                      <Moment at={alias.assignedAt} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <ApprovalList model={model.name} />
          <AliasRuleForm model={model} />
        </Column>
      </div>
    </>
  );
}

function LeadOf({ of: { report } }: { of: ModelVersion }) {
  const { format } = useWords();
  const lead = leadEstimate(report);
  if (lead === undefined) return null;
  return (
    <>
      <b>{format.metric(lead.value)}</b>{" "}
      {lead.low === null || lead.high === null ? null : (
        <span className="quiet">({format.interval(lead.low, lead.high)})</span>
      )}{" "}
      {lead.name}
    </>
  );
}

function FromOf({ of: { pipelineRun, run } }: { of: ModelVersion }) {
  const scope = useScope();
  if (pipelineRun !== null) {
    return (
      <Go to={places.pipelineRun(scope, pipelineRun)}>
        {pipelineRun.pipeline} {pipelineRun.number}
      </Go>
    );
  }
  return run === null ? null : (
    <Go to={places.go(scope, run)}>
      <code>{run.slice(0, 8)}</code>
    </Go>
  );
}
