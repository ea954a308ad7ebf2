import type { Experiment } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { Spark } from "../../components/spark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { toNumber } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { bestRun, headMetric } from "./run-metrics.ts";

/** All experiments: how many runs, the best value so far and how the last runs went. */
export function ExperimentListPage() {
  const { t, format } = useWords();
  const scope = useScope();
  const experiments = useAnswer(["experiments", "listExperiments"], { limit: 1000 });
  const withRuns = (items: readonly Experiment[]) => items.filter(({ runs }) => runs > 0);
  const total = experiments.data?.items.reduce((sum, { runs }) => sum + runs, 0);
  return (
    <>
      <PageHead
        title={t("stages.experiments")}
        sub={
          total === undefined
            ? undefined
            : t("experiments.sub", {
                experiments: withRuns(experiments.data?.items ?? []).length,
                runs: total,
              })
        }
      />
      <Loaded answer={experiments} skeleton={<RowsSkeleton />}>
        {({ items }) =>
          withRuns(items).length === 0 ? (
            <EmptyState
              title={t("experiments.emptyTitle")}
              text={t("experiments.emptyText")}
              command={commandLine(scope, "env")}
            />
          ) : (
            <DataTable
              label={t("stages.experiments")}
              rows={withRuns(items)}
              rowKey={({ id }) => id}
              open={(experiment) => places.experiment(scope, experiment)}
              columns={[
                {
                  key: "name",
                  title: t("words.name"),
                  sort: ({ name }) => name,
                  cell: (experiment) => (
                    <Go className="ink-link strong" to={places.experiment(scope, experiment)}>
                      {experiment.name}
                    </Go>
                  ),
                },
                {
                  key: "runs",
                  title: t("words.runs"),
                  number: true,
                  sort: ({ runs }) => runs,
                  cell: ({ runs }) => format.count(runs),
                },
                {
                  key: "best",
                  title: t("experiments.bestRun"),
                  cell: (experiment) => <BestRun of={experiment} />,
                },
                {
                  key: "course",
                  title: t("experiments.course"),
                  minor: true,
                  cell: (experiment) => <Course of={experiment} />,
                },
                {
                  key: "created",
                  title: t("words.created"),
                  number: true,
                  sort: ({ createdAt }) => createdAt,
                  cell: ({ createdAt }) => <Moment at={createdAt} />,
                },
              ]}
            />
          )
        }
      </Loaded>
    </>
  );
}

const COURSE = 30;

function useLastRuns({ id }: Experiment) {
  return useAnswer(["experiments", "listRuns"], { experiment: id, limit: COURSE });
}

function BestRun({ of }: { of: Experiment }) {
  const { format } = useWords();
  const scope = useScope();
  const runs = useLastRuns(of).data?.items ?? [];
  const best = bestRun(runs);
  if (best === undefined) return null;
  return (
    <>
      {best.metric} <b>{format.metric(best.value)}</b>{" "}
      <Go className="inline-link" to={places.run(scope, best.run)}>
        {best.run.name}
      </Go>
    </>
  );
}

function Course({ of }: { of: Experiment }) {
  const runs = useLastRuns(of).data?.items ?? [];
  const name = headMetric(runs.flatMap(({ metrics }) => metrics))?.name;
  const values = runs
    .map(({ metrics }) => metrics.find((metric) => metric.name === name)?.last.value)
    .filter((value) => value !== undefined)
    .map(toNumber)
    .reverse();
  return <Spark values={values} />;
}
