import type { Model } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { Spark } from "../../components/spark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { AliasTags } from "./alias-tags.tsx";
import { leadEstimate } from "./estimates.ts";

/** All models: who is champion and challenger here, and how the lead metric went over the versions. */
export function ModelListPage() {
  const { t, format } = useWords();
  const scope = useScope();
  const models = useAnswer(["registry", "listModels"], { limit: 1000 });
  return (
    <>
      <PageHead
        title={t("stages.registry")}
        sub={models.data === undefined ? undefined : t("registry.sub", { count: models.data.items.length })}
      />
      <Loaded answer={models} skeleton={<RowsSkeleton />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title={t("registry.emptyTitle")}
              text={t("registry.emptyText")}
              command={commandLine(
                scope,
                "registry register <run> --model churn --path model.onnx --signature signature.json",
              )}
            />
          ) : (
            <DataTable
              label={t("stages.registry")}
              rows={items}
              rowKey={({ name }) => name}
              open={({ name }) => places.model(scope, name)}
              columns={[
                {
                  key: "name",
                  title: t("words.name"),
                  sort: ({ name }) => name,
                  cell: ({ name }) => (
                    <Go className="ink-link strong" to={places.model(scope, name)}>
                      {name}
                    </Go>
                  ),
                },
                {
                  key: "aliases",
                  title: t("registry.aliasesIn", { environment: scope.environment }),
                  cell: ({ aliases }) => (
                    <AliasTags
                      aliases={aliases.filter(({ environment }) => environment === scope.environment)}
                      withVersion
                    />
                  ),
                },
                {
                  key: "latest",
                  title: t("registry.newest"),
                  cell: (model) =>
                    model.latest === null ? (
                      ""
                    ) : (
                      <Go to={places.modelVersion(scope, model.latest)}>v{model.latest.version}</Go>
                    ),
                },
                {
                  key: "metric",
                  title: t("registry.leadMetric"),
                  number: true,
                  cell: (model) => <Lead of={model} />,
                },
                {
                  key: "course",
                  title: t("registry.course"),
                  minor: true,
                  cell: (model) => <Course of={model} />,
                },
                {
                  key: "versions",
                  title: t("words.versions"),
                  number: true,
                  sort: ({ versions }) => versions,
                  cell: ({ versions }) => format.count(versions),
                },
                {
                  key: "registered",
                  title: t("registry.registered"),
                  number: true,
                  sort: ({ latest }) => latest?.createdAt,
                  cell: ({ latest }) => (latest === null ? "" : <Moment at={latest.createdAt} />),
                },
              ]}
            />
          )
        }
      </Loaded>
    </>
  );
}

function Lead({ of: { latest } }: { of: Model }) {
  const { format } = useWords();
  const lead = leadEstimate(latest?.report ?? null);
  if (lead === undefined) return null;
  const interval = lead.low === null || lead.high === null ? undefined : format.interval(lead.low, lead.high);
  return (
    <span title={interval}>
      {format.metric(lead.value)} <span className="quiet">{lead.name}</span>
    </span>
  );
}

const COURSE = 30;

function Course({ of: { name, versions } }: { of: Model }) {
  const all = useAnswer(
    ["registry", "listVersions"],
    { model: name, limit: COURSE },
    { enabled: versions > 1 },
  );
  const values = (all.data?.items ?? []).flatMap(({ report }) => leadEstimate(report)?.value ?? []).reverse();
  return <Spark values={values} />;
}
