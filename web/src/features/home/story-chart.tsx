import type { Monitor } from "@causeway/contract";
import { useState } from "react";
import { Go } from "../../components/go.tsx";
import { PictureSkeleton, Slowly } from "../../components/loaded.tsx";
import { loopMarkers } from "../../components/loop-markers.ts";
import { Column } from "../../components/page-frame.tsx";
import { useWidth } from "../../components/use-width.ts";
import { WindowChart } from "../../components/window-chart.tsx";
import type { Twin } from "../../components/window-lines.ts";
import { metricPoints, metricsOf } from "../../components/window-metric.ts";
import { windowName } from "../../components/window-name.ts";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import type { Overview } from "./stage-state.ts";
import { frozenTwin, repairOf } from "./story-choice.ts";

const SHOWN = 30;
const NARROW = 520;

/** What the loop did for one deployment: its metric per window, what happened meanwhile, and what would be without it. */
export function StoryChart({ overview, monitor }: { overview: Overview; monitor: Monitor }) {
  const { t, format } = useWords();
  const scope = useScope();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const isNarrow = useWidth(element) < NARROW;
  const policy = overview.policies.find((each) => each.monitor === monitor.name);
  const found = frozenTwin(monitor, overview);
  const windows = useAnswer(["monitoring", "listWindows"], { monitor: monitor.name, limit: SHOWN });
  const others = useAnswer(
    ["monitoring", "listWindows"],
    { monitor: found?.monitor.name ?? "", limit: SHOWN },
    { enabled: found !== undefined },
  );
  const cycles = useAnswer(
    ["retraining", "listCycles"],
    { policy: policy?.name ?? "", limit: 20 },
    { enabled: policy !== undefined },
  );
  if (windows.data === undefined)
    return (
      <Column className="story" title={monitor.name}>
        <Slowly>
          <PictureSkeleton height={290} />
        </Slowly>
      </Column>
    );
  const oldestFirst = [...windows.data.items].reverse();
  const metric = metricsOf(oldestFirst)[0];
  const open = <Go to={places.monitor(scope, monitor.name)}>{t("story.open", { monitor: monitor.name })}</Go>;
  if (metric === undefined) {
    return (
      <Column className="story" title={monitor.deployment} right={open}>
        <p className="quiet">{t("story.none")}</p>
      </Column>
    );
  }
  const pointsOf = (of: typeof oldestFirst, by: Monitor) =>
    metricPoints(of, { metric: metric.name, settings: by.settings, watermark: by.watermark });
  const points = pointsOf(oldestFirst, monitor);
  const twin: Twin | undefined =
    found === undefined || others.data === undefined
      ? undefined
      : {
          name: t("story.without", {
            name: `v${(found.deployment.serving ?? found.deployment.revision).version}`,
          }),
          points: pointsOf([...others.data.items].reverse(), found.monitor),
        };
  const known = cycles.data?.items ?? [];
  const newest = points.findLast(({ value }) => value !== null);
  return (
    <section className="story">
      <div ref={setElement}>
        <WindowChart
          title={t("story.title", { deployment: monitor.deployment, metric: metric.name })}
          hint={<StoryHint cycle={known[0]} points={points} twin={twin} />}
          right={open}
          label={t("monitoring.performanceLabel", {
            metric: metric.name,
            value: newest?.value == null ? "–" : format.metric(newest.value),
            window: windowName(newest?.title ?? "–", { t, format }),
          })}
          points={points}
          byCount={typeof monitor.settings.window !== "string"}
          markers={loopMarkers({ windows: oldestFirst, cycles: known, t })}
          twin={twin}
          name={t("story.with")}
          gutter={{ left: isNarrow ? 36 : 44, right: isNarrow ? 76 : 96 }}
          height={isNarrow ? 260 : 292}
        />
      </div>
    </section>
  );
}

/** The story in a line: noticed, repaired, and what it saved in the newest window that both know. */
function StoryHint({
  cycle,
  points,
  twin,
}: {
  cycle: Parameters<typeof repairOf>[0];
  points: Twin["points"];
  twin: Twin | undefined;
}) {
  const { t, format } = useWords();
  const repair = repairOf(cycle);
  const own = points.findLast(
    ({ start, value }) =>
      value !== null && twin?.points.some((other) => other.start === start && other.value !== null),
  );
  const other = twin?.points.find(({ start }) => start === own?.start)?.value;
  const saved =
    own?.value == null || other == null || twin === undefined
      ? undefined
      : t("story.saved", {
          points: format.signed(own.value - other),
          name: twin.name,
          window: windowName(own.title, { t, format }),
        });
  const said = [
    repair === undefined
      ? undefined
      : repair.tookMs === null
        ? t("story.noticedOn", { day: format.day(repair.noticedAt) })
        : t("story.repaired", { day: format.day(repair.noticedAt), span: format.duration(repair.tookMs) }),
    saved,
  ].filter((part) => part !== undefined);
  return said.join("; ");
}
