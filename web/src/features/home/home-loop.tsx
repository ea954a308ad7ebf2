import { STAGES, type Stage } from "@causeway/contract";
import { PictureSkeleton, Slowly } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { triggerReason } from "../../components/policy-words.ts";
import { type Station, TheLoop } from "../../components/the-loop.tsx";
import { windowName } from "../../components/window-name.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { isActive, lastRuns, needs, type Overview, openCycles, stationOf } from "./stage-state.ts";

/** The loop with what happens at each stage now. */
export function HomeLoop({ overview }: { overview: Overview | undefined }) {
  const { t, format } = useWords();
  const scope = useScope();
  const say = useStationWords();
  if (overview === undefined)
    return (
      <Slowly>
        <PictureSkeleton height={186} />
      </Slowly>
    );
  const stations = STAGES.map((stage): Station => {
    return {
      key: stage,
      name: t(`stages.${stage}`),
      ...stationOf(stage, overview, scope.environment),
      ...say(stage, overview),
      to: places.stage(scope, stage),
    };
  });
  const cycle = openCycles(overview)[0];
  return (
    <TheLoop
      stations={stations}
      label={t("loop.name")}
      back={{
        span: stations.at(-1)?.span ?? "open",
        reason:
          cycle === undefined
            ? undefined
            : t("loop.startedBy", {
                cycle: `${cycle.policy} ${cycle.number}`,
                reason: triggerReason(cycle, { t, format }),
              }),
      }}
    />
  );
}

/** What each stage says of itself: the most important thing, and a detail under it. */
function useStationWords() {
  const { t, format } = useWords();
  const scope = useScope();
  return (stage: Stage, overview: Overview): Pick<Station, "headline" | "detail"> => {
    switch (stage) {
      case "data": {
        const set = overview.datasets.find(({ latest }) => latest?.quarantine != null);
        const newest = newestOf(overview.datasets, ({ latest }) => latest?.createdAt);
        if (newest?.latest == null) return { headline: t("loop.nothing"), detail: "" };
        if (set?.latest?.quarantine != null) {
          return {
            headline: t("loop.setAside", { count: set.latest.quarantine.rows }),
            detail: `${set.name} ${set.latest.id.slice(0, 6)}`,
          };
        }
        return {
          headline: t("loop.datasets", { count: overview.datasets.length }),
          detail: (
            <>
              {newest.name} {newest.latest.id.slice(0, 6)}, <Moment at={newest.latest.createdAt} />
            </>
          ),
        };
      }
      case "experiments": {
        const all = overview.experiments.reduce((sum, { runs }) => sum + runs, 0);
        const running = overview.runs.filter(({ state }) => state === "running").length;
        const today = overview.runs.filter(
          ({ startedAt }) => Date.now() - Date.parse(startedAt) < 86_400_000,
        ).length;
        if (overview.runs.length === 0) return { headline: t("loop.nothing"), detail: "" };
        return {
          headline:
            running > 0 ? t("loop.running", { count: running }) : t("loop.runsToday", { count: today }),
          detail: t("loop.inAll", { count: all }),
        };
      }
      case "pipelines": {
        const active = overview.pipelineRuns.filter(isActive);
        const failures = lastRuns(overview.pipelineRuns).filter(({ state }) => state === "failed");
        const failed = failures.length;
        const last = failures[0] ?? active[0] ?? overview.pipelineRuns[0];
        if (last === undefined) return { headline: t("loop.nothing"), detail: "" };
        const done = last.steps.filter(({ state }) => state === "succeeded" || state === "cached").length;
        return {
          headline:
            failed > 0
              ? t("loop.failed", { count: failed })
              : active.length > 0
                ? t("loop.running", { count: active.length })
                : t("loop.runs", { count: overview.pipelineRuns.length }),
          detail:
            failed === 0 && active.length > 0 ? (
              `${last.pipeline} ${last.number}, ${t("loop.of", { done, all: last.steps.length })}`
            ) : (
              <>
                {last.pipeline} {last.number}, <Moment at={last.endedAt ?? last.createdAt} />
              </>
            ),
        };
      }
      case "registry": {
        const champion = overview.models.find(({ aliases }) =>
          aliases.some(({ alias, environment }) => alias === "champion" && environment === scope.environment),
        );
        const version = champion?.aliases.find(
          ({ alias, environment }) => alias === "champion" && environment === scope.environment,
        )?.version;
        const newest = newestOf(overview.models, ({ latest }) => latest?.createdAt);
        const waiting = needs(overview, scope.environment).filter(
          ({ kind }) => kind === "approval" || kind === "no-champion" || kind === "newer-version",
        ).length;
        if (newest === undefined) return { headline: t("loop.nothing"), detail: "" };
        return {
          headline:
            waiting > 0
              ? t("loop.toDecide", { count: waiting })
              : t("loop.models", { count: overview.models.length }),
          detail:
            version === undefined
              ? t("loop.versionOf", { model: newest.name, version: newest.latest?.version ?? 0 })
              : t("loop.championOf", { model: champion?.name ?? "", version }),
        };
      }
      case "deployments": {
        const failures = overview.deployments.filter(({ state }) => state === "failed");
        const failed = failures.length;
        const ready = overview.deployments.filter(({ state }) => state === "ready").length;
        const first = failures[0] ?? overview.deployments[0];
        if (first === undefined) return { headline: t("loop.nothing"), detail: "" };
        return {
          headline: failed > 0 ? t("loop.failed", { count: failed }) : t("loop.serving", { count: ready }),
          detail: `${first.name}, v${(first.serving ?? first.revision).version}`,
        };
      }
      case "monitoring": {
        const alert = overview.alerts.find(({ severity }) => severity === "critical") ?? overview.alerts[0];
        const newest = newestOf(overview.monitors, (monitor) => monitor.newest?.closedAt);
        if (newest === undefined) return { headline: t("loop.nothing"), detail: "" };
        return {
          headline:
            alert === undefined
              ? t("loop.watching", { count: overview.monitors.length })
              : t("loop.alerts", { count: overview.alerts.length }),
          detail:
            alert !== undefined
              ? `${alert.monitor}, ${t(`alertKind.${alert.kind}`)}`
              : newest.newest === null
                ? newest.name
                : t("loop.newestWindow", {
                    monitor: newest.name,
                    window: windowName(newest.newest.title, { t, format }),
                  }),
        };
      }
      case "retraining": {
        const open = openCycles(overview);
        const newest = newestOf(overview.policies, (policy) => policy.newest?.startedAt);
        if (newest === undefined) return { headline: t("loop.nothing"), detail: "" };
        const told = open[0] ?? newest.newest;
        return {
          headline:
            open.length > 0
              ? t("loop.cyclesOpen", { count: open.length })
              : t("loop.policies", { count: overview.policies.length }),
          detail:
            told === null
              ? newest.name
              : `${told.policy} ${told.number}, ${t(`cycleState.${told.state}`).toLowerCase()}`,
        };
      }
      default:
        return stage satisfies never;
    }
  };
}

function newestOf<Item>(items: readonly Item[], at: (item: Item) => string | undefined): Item | undefined {
  return [...items].sort((a, b) => (at(b) ?? "").localeCompare(at(a) ?? ""))[0];
}
