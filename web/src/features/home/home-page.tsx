import { ErrorNote } from "../../components/error-note.tsx";
import { useNow } from "../../components/moment.tsx";
import { PageHead } from "../../components/page-frame.tsx";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { Activity } from "./activity.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { headline } from "./headline.ts";
import { HomeDeployments } from "./home-deployments.tsx";
import { HomeLoop } from "./home-loop.tsx";
import { NeedsYou } from "./needs-you.tsx";
import { RecentRuns } from "./recent-runs.tsx";
import { isReached, needs } from "./stage-state.ts";
import { StoryChart } from "./story-chart.tsx";
import { storyMonitor } from "./story-choice.ts";
import { useOverview } from "./use-overview.ts";

/** The home page: what is true now, the loop, what waits for a person, what serves, what happened. */
export function HomePage() {
  const { t, format } = useWords();
  const scope = useScope();
  const now = useNow(60_000);
  const { overview, error, retry } = useOverview();
  const open = overview === undefined ? [] : needs(overview, scope.environment);
  const isNew = overview !== undefined && !isReached("data", overview);
  const story = overview === undefined ? undefined : storyMonitor(overview);
  const serving = overview?.deployments.filter(({ state }) => state === "ready").length ?? 0;
  const title =
    overview === undefined ? t("home.title") : isNew ? t("home.welcome") : headline(open, t, format.language);
  return (
    <div className="home">
      <PageHead
        title={title}
        tab={t("home.title")}
        sub={
          <>
            <span>
              {scope.environment} · {format.fullDay(now)}, {format.time(now)}
            </span>
            {overview === undefined ? null : (
              <span className="desk-only">
                {t("home.sub", {
                  deployments: serving,
                  models: overview.models.length,
                  datasets: overview.datasets.length,
                })}
              </span>
            )}
          </>
        }
      />
      {error === null ? null : <ErrorNote error={error} retry={retry} />}
      {overview === undefined && error !== null ? null : <HomeLoop overview={overview} />}
      <div className="columns">
        <div className="stack ruled">
          {overview === undefined ? null : story !== undefined ? (
            <StoryChart overview={overview} monitor={story} />
          ) : isReached("deployments", overview) ? null : (
            <FirstSteps overview={overview} />
          )}
          {overview === undefined || !isReached("deployments", overview) ? null : (
            <HomeDeployments overview={overview} />
          )}
          <RecentRuns runs={overview?.pipelineRuns} isFailed={error !== null} />
        </div>
        <div className="stack ruled">
          {overview === undefined ? null : <NeedsYou needs={open} />}
          <Activity />
        </div>
      </div>
    </div>
  );
}
