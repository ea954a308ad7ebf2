import type { Pipeline, PipelineRun } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go, useSegment, useView } from "../../components/go.tsx";
import { Graph } from "../../components/graph.tsx";
import { Loaded, PictureSkeleton, RowsSkeleton } from "../../components/loaded.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { Column, PageHead, Section } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { pipelineRunStatus } from "../../components/work-status.ts";
import { useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { RunForm } from "./run-form.tsx";
import { definitionGraph } from "./run-graph.ts";
import { RunTicks } from "./run-ticks.tsx";

/** One pipeline: its graph as it is deployed, its runs, its versions. */
export function PipelinePage() {
  const name = useSegment("pipeline");
  const pipeline = useAnswer(["pipelines", "getPipeline"], { pipeline: name });
  return (
    <Loaded answer={pipeline} skeleton={<PictureSkeleton height={320} />}>
      {(known) => <PipelineView pipeline={known} />}
    </Loaded>
  );
}

function PipelineView({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useWords();
  const [isStarting, setStarting] = useView("run");
  const { definition } = pipeline.latest;
  const { nodes, edges } = definitionGraph(definition);
  return (
    <>
      <PageHead
        title={pipeline.name}
        sub={
          <>
            <span>{t("pipelines.stepCount", { count: definition.steps.length })}</span>
            <span>
              {t("pipelines.deployed")} <Moment at={pipeline.latest.createdAt} />{" "}
              {t("shell.madeBy", { who: pipeline.latest.createdBy.name })}
            </span>
            <CopyId id={pipeline.latest.digest} short={`sha256 ${shortDigest(pipeline.latest.digest)}`} />
          </>
        }
        actions={
          isStarting === "" ? (
            <button type="button" className="button primary" onClick={() => setStarting("1")}>
              {t("pipelines.run")}
            </button>
          ) : undefined
        }
      />
      {isStarting === "" ? null : <RunForm version={pipeline.latest} close={() => setStarting("")} />}
      <Section open>
        <Graph label={t("pipelines.graphOf", { pipeline: pipeline.name })} nodes={nodes} edges={edges} />
      </Section>
      <div className="columns">
        <Runs pipeline={pipeline} />
        <Versions name={pipeline.name} />
      </div>
    </>
  );
}

function Runs({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useWords();
  const scope = useScope();
  const runs = useAnswer(["pipelines", "listRuns"], { pipeline: pipeline.name, limit: 200 });
  return (
    <Column title={t("words.runs")} right={<RunTicks runs={pipeline.runs} />}>
      <Loaded answer={runs} skeleton={<RowsSkeleton />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title={t("pipelines.neverRan")}
              text={t("pipelines.neverRanText")}
              command={commandLine(scope, `pipelines run ${pipeline.name}`)}
            />
          ) : (
            <DataTable
              label={t("words.runs")}
              rows={items}
              rowKey={({ number }) => String(number)}
              open={(run) => places.pipelineRun(scope, run)}
              columns={[
                {
                  key: "number",
                  title: t("words.run"),
                  sort: ({ number }) => number,
                  cell: (run) => (
                    <Go className="ink-link strong" to={places.pipelineRun(scope, run)}>
                      {run.number}
                    </Go>
                  ),
                },
                {
                  key: "state",
                  title: t("words.state"),
                  sort: ({ state }) => state,
                  cell: ({ state }) => (
                    <StatusWord status={pipelineRunStatus(state)}>
                      {t(`pipelineRunState.${state}`)}
                    </StatusWord>
                  ),
                },
                { key: "result", title: t("pipelines.result"), className: "cut", cell: resultOf },
                {
                  key: "cached",
                  title: t("pipelines.cached"),
                  number: true,
                  cell: ({ steps }) =>
                    `${steps.filter(({ state }) => state === "cached").length} / ${steps.length}`,
                },
                {
                  key: "took",
                  title: t("words.took"),
                  number: true,
                  cell: (run) =>
                    run.startedAt === null ? "" : <Elapsed from={run.startedAt} to={run.endedAt} />,
                },
                {
                  key: "started",
                  title: t("words.started"),
                  number: true,
                  sort: ({ createdAt }) => createdAt,
                  cell: ({ createdAt }) => <Moment at={createdAt} />,
                },
                {
                  key: "by",
                  title: t("words.createdBy"),
                  minor: true,
                  cell: ({ createdBy }) => createdBy.name,
                },
              ]}
            />
          )
        }
      </Loaded>
    </Column>
  );
}

/** What a run came to in one line: its problem, else the last thing that a step said. */
function resultOf(run: PipelineRun): string {
  return run.problem ?? run.steps.findLast(({ summary }) => summary !== null)?.summary ?? "";
}

function Versions({ name }: { name: string }) {
  const { t } = useWords();
  const versions = useAnswer(["pipelines", "listVersions"], { pipeline: name, limit: 100 });
  return (
    <Column title={t("words.versions")} hint={t("pipelines.versionsHint")}>
      <Loaded answer={versions}>
        {({ items }) => (
          <table className="table compact">
            <tbody>
              {items.map((version) => (
                <tr key={version.digest}>
                  <td>
                    <CopyId id={version.digest} short={shortDigest(version.digest)} />
                  </td>
                  <td>{t("pipelines.stepCount", { count: version.definition.steps.length })}</td>
                  <td className="second">{version.createdBy.name}</td>
                  <td className="number">
                    <Moment at={version.createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Column>
  );
}
