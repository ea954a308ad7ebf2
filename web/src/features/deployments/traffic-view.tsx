import type { Deployment, TrafficPoint } from "@causeway/contract";
import type { ReactNode } from "react";
import { EmptyState } from "../../components/empty-state.tsx";
import { useView } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { useNow } from "../../components/moment.tsx";
import { Column } from "../../components/page-frame.tsx";
import { ChoiceOf } from "../../components/tabs.tsx";
import { TimeChart } from "../../components/time-chart.tsx";
import { useAnswer } from "../../lib/api.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { curlLine } from "./curl-line.ts";
import { ErrorStrip } from "./error-strip.tsx";
import { SPAN_NAMES, SPANS, spanStart, trafficOf } from "./traffic.ts";

/** Traffic comes from gateways within a second or two; a page that is open asks this often. */
const ASK_MS = 5_000;
const COLUMNS = 60;
const MINUTE_MS = 60_000;
/** Up to this many stretches with latency, each is a dot. */
const FEW = 20;

/** Requests, errors and latency over server time, as the gateways counted them. */
export function TrafficView({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const [spanName, setSpan] = useView("span", "1h");
  const span = SPAN_NAMES.find((known) => known === spanName) ?? "1h";
  const now = useNow(MINUTE_MS);
  const log = useAnswer(["deployments", "getLog"], { deployment: deployment.name }, { everyMs: ASK_MS });
  const traffic = useAnswer(
    ["deployments", "getTraffic"],
    { deployment: deployment.name, from: spanStart(span, now), spans: COLUMNS },
    { everyMs: ASK_MS },
  );
  const isSilent =
    log.data?.rows === 0 && (traffic.data?.items.every(({ requests }) => requests === 0) ?? false);
  return (
    <Column
      className="stack"
      title={t("deployments.traffic")}
      hint={t("deployments.trafficHint")}
      right={
        <ChoiceOf
          label={t("deployments.span")}
          options={SPAN_NAMES.map((name) => [name, t(`deployments.spans.${name}`)] as const)}
          value={span}
          onChange={setSpan}
        />
      }
    >
      {isSilent ? (
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
        <Loaded answer={traffic} skeleton={<PictureSkeleton height={300} />}>
          {({ items }) => <TrafficCharts points={items} isLong={SPANS[span] > SPANS["1d"]} />}
        </Loaded>
      )}
    </Column>
  );
}

function TrafficCharts({ points, isLong }: { points: readonly TrafficPoint[]; isLong: boolean }) {
  const { t, format } = useWords();
  const known = points.flatMap(({ start, p50Ms, p99Ms }) =>
    p50Ms === null || p99Ms === null ? [] : [{ at: Date.parse(start), p50Ms, p99Ms }],
  );
  // A lone value has no line to be seen by.
  const dots = known.length <= FEW ? { dots: "full" as const } : {};
  const writeAcross = (at: number) =>
    isLong ? format.dateTime(new Date(at), new Date()) : format.time(new Date(at));
  const axis = { across: "time" as const, acrossName: "", fromZero: true, writeAcross };
  return (
    <>
      <TrafficFigures points={points} />
      <div>
        <TimeChart
          title={t("deployments.requests")}
          hint={t("deployments.requestsHint")}
          height={150}
          options={{
            ...axis,
            label: t("deployments.requests"),
            series: [
              {
                name: t("deployments.requests"),
                token: "live",
                area: true,
                points: points.map(({ start, requests }) => [Date.parse(start), requests]),
              },
            ],
            write: format.plain,
            writeTick: format.metric,
          }}
        />
        <ErrorStrip points={points} />
      </div>
      {known.length === 0 ? null : (
        <TimeChart
          title={t("deployments.latency")}
          hint={t("deployments.latencyHint")}
          height={180}
          options={{
            ...axis,
            label: t("deployments.latency"),
            series: [
              {
                name: "p50",
                token: "live",
                ...dots,
                points: points.map(({ start, p50Ms }) => [Date.parse(start), p50Ms ?? Number.NaN]),
                band: known.map(({ at, p50Ms, p99Ms }) => [at, p50Ms, p99Ms]),
              },
              {
                name: "p99",
                token: "reference",
                ...dots,
                points: points.map(({ start, p99Ms }) => [Date.parse(start), p99Ms ?? Number.NaN]),
              },
            ],
            write: format.plain,
            writeTick: format.metric,
          }}
        />
      )}
    </>
  );
}

function TrafficFigures({ points }: { points: readonly TrafficPoint[] }) {
  const { t, format } = useWords();
  const traffic = trafficOf(points);
  const figures: [name: string, value: ReactNode, hint: string][] = [
    [
      t("deployments.requests"),
      format.count(traffic.requests),
      t("deployments.inRows", { rows: traffic.rows }),
    ],
    [
      t("deployments.errors"),
      <span key="errors" className={traffic.errors > 0 ? "is-crit" : ""}>
        {format.count(traffic.errors)}
      </span>,
      traffic.errorShare === null
        ? t("deployments.ofNone")
        : t("deployments.ofRequests", { share: format.percent(traffic.errorShare, 2) }),
    ],
    [t("deployments.refused"), format.count(traffic.refused), t("deployments.refusedHint")],
    [
      t("deployments.p99"),
      traffic.p99Ms === null ? t("shell.none") : `${format.metric(traffic.p99Ms, 1)} ms`,
      traffic.p50Ms === null || traffic.worstP99Ms === null
        ? t("deployments.ofNone")
        : t("deployments.latencyBeside", {
            p50: format.metric(traffic.p50Ms, 1),
            worst: format.metric(traffic.worstP99Ms, 1),
          }),
    ],
  ];
  return (
    <dl className="figures">
      {figures.map(([name, value, hint]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          <dd className="figure-hint">{hint}</dd>
        </div>
      ))}
    </dl>
  );
}
