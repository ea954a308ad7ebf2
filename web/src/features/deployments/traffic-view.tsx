import type { Deployment, LoggedPrediction } from "@causeway/contract";
import { useMemo } from "react";
import { EmptyState } from "../../components/empty-state.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Column } from "../../components/page-frame.tsx";
import { TimeChart } from "../../components/time-chart.tsx";
import { useAnswer } from "../../lib/api.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { curlLine } from "./curl-line.ts";
import { binTraffic, trafficOf } from "./traffic.ts";

/** Newest predictions that the figures are made from; the API gives at most this many in a page. */
const SAMPLE = 1000;
const MOST_BINS = 48;
const FEWEST_BINS = 6;
/** Below this length the clock would repeat itself, so the time since the first prediction is told instead. */
const SHORT_MS = 30_000;

/** Traffic and latency as the newest predictions in the log tell them. */
export function TrafficView({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const log = useAnswer(
    ["deployments", "listPredictions"],
    { deployment: deployment.name, limit: SAMPLE },
    { everyMs: 5_000 },
  );
  return (
    <Column className="stack">
      <Loaded answer={log} skeleton={<PictureSkeleton height={300} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title={t("deployments.noRequest")}
              text={t("deployments.noRequestText")}
              command={curlLine({
                scope,
                deployment: deployment.name,
                url: deployment.url,
                record: deployment.example,
              })}
            />
          ) : (
            <TrafficCharts log={items} />
          )
        }
      </Loaded>
    </Column>
  );
}

function TrafficCharts({ log }: { log: readonly LoggedPrediction[] }) {
  const { t, format } = useWords();
  const traffic = trafficOf(log);
  const bins = useMemo(
    () => binTraffic(log, Math.max(FEWEST_BINS, Math.min(MOST_BINS, Math.round(log.length / 4)))),
    [log],
  );
  const known = useMemo(
    () =>
      bins.flatMap(({ at, p50, p99 }) => (p50 === undefined || p99 === undefined ? [] : [{ at, p50, p99 }])),
    [bins],
  );
  if (traffic === undefined) return null;
  const span = t("deployments.sample", {
    count: traffic.predictions,
    from: format.dateTime(new Date(traffic.from), new Date()),
    to: format.time(new Date(traffic.to)),
  });
  const writeAcross = (at: number) =>
    traffic.to - traffic.from < SHORT_MS
      ? format.duration(Math.max(0, at - traffic.from))
      : format.exactTime(new Date(at));
  return (
    <>
      <dl className="figures">
        <div>
          <dt>{t("deployments.perSecond")}</dt>
          <dd>{format.metric(traffic.perSecond, 1)}</dd>
        </div>
        <div>
          <dt>{t("deployments.p50")}</dt>
          <dd>{format.metric(traffic.p50, 1)} ms</dd>
        </div>
        <div>
          <dt>{t("deployments.p99")}</dt>
          <dd>{format.metric(traffic.p99, 1)} ms</dd>
        </div>
      </dl>
      <TimeChart
        title={t("deployments.requests")}
        hint={span}
        height={150}
        options={{
          label: t("deployments.requests"),
          across: "time",
          acrossName: "",
          fromZero: true,
          series: [
            {
              name: t("deployments.requests"),
              token: "live",
              area: true,
              points: bins.map(({ at, predictions }) => [at, predictions]),
            },
          ],
          write: format.plain,
          writeTick: format.metric,
          writeAcross,
        }}
      />
      <TimeChart
        title={t("deployments.latency")}
        hint={t("deployments.latencyHint")}
        height={180}
        options={{
          label: t("deployments.latency"),
          across: "time",
          acrossName: "",
          fromZero: true,
          series: [
            {
              name: "p50",
              token: "live",
              points: known.map(({ at, p50 }) => [at, p50]),
              band: known.map(({ at, p50, p99 }) => [at, p50, p99]),
            },
            { name: "p99", token: "reference", points: known.map(({ at, p99 }) => [at, p99]) },
          ],
          write: format.plain,
          writeTick: format.metric,
          writeAcross,
        }}
      />
    </>
  );
}
