import type { EvaluationReport, ModelVersion } from "@causeway/contract";
import type { ReactNode } from "react";
import { EmptyState } from "../../components/empty-state.tsx";
import { Column, SectionHead } from "../../components/page-frame.tsx";
import { commandLine } from "../../lib/command-line.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { diamond } from "./diamond.ts";
import { axisOf, type EstimatePair, estimatePairs, leadEstimate, sameRows } from "./estimates.ts";
import { Confusion, Reliability, RocCurve } from "./report-pictures.tsx";

/** What `evaluate` found: each metric with its interval, beside the champion's where both saw the same rows. */
export function ReportView({
  version,
  champion,
}: {
  version: ModelVersion;
  champion: ModelVersion | undefined;
}) {
  const { t, format } = useWords();
  const scope = useScope();
  const { report } = version;
  if (report === null) {
    return (
      <Column title={t("registry.report")}>
        <EmptyState
          title={t("registry.notEvaluated")}
          text={t("registry.notEvaluatedText")}
          command={commandLine(scope, "pipelines run churn.pipeline.ts")}
        />
      </Column>
    );
  }
  const lead = leadEstimate(report);
  const other = champion?.report ?? null;
  const comparable = sameRows(report, other);
  const pairs = estimatePairs(report, comparable ? other : null);
  const title =
    lead === undefined
      ? t("registry.report")
      : t("registry.verdict", {
          metric: lead.name,
          value: format.metric(lead.value),
          interval:
            lead.low === null || lead.high === null ? "" : `(${format.interval(lead.low, lead.high)})`,
        });
  return (
    <Column
      title={title}
      hint={t("registry.onRows", { rows: format.count(report.rows), target: report.target })}
      right={
        champion === undefined ? undefined : (
          <Keys version={version} champion={champion} comparable={comparable} />
        )
      }
      className="stack"
    >
      {champion !== undefined && !comparable ? (
        <p className="quiet small">{t("registry.otherRows")}</p>
      ) : null}
      <EstimateTable pairs={pairs} version={version} champion={comparable ? champion : undefined} />
      <Pictures report={report} other={comparable ? other : null} />
    </Column>
  );
}

function Keys({
  version,
  champion,
  comparable,
}: {
  version: ModelVersion;
  champion: ModelVersion;
  comparable: boolean;
}) {
  const { t } = useWords();
  if (!comparable) return null;
  return (
    <>
      <span className="key">
        <svg width="12" height="12" aria-hidden="true">
          <circle cx="6" cy="6" r="4.5" fill="var(--live)" />
        </svg>
        v{champion.version} {t("registry.champion")}
      </span>
      <span className="key">
        <svg width="12" height="12" aria-hidden="true">
          <path d={diamond(6, 6, 5.5)} fill="var(--candidate)" />
        </svg>
        v{version.version}
      </span>
    </>
  );
}

function EstimateTable({
  pairs,
  version,
  champion,
}: {
  pairs: readonly EstimatePair[];
  version: ModelVersion;
  champion: ModelVersion | undefined;
}) {
  const { t, format } = useWords();
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
    <section className="scroll" tabIndex={0} aria-label={t("registry.report")}>
      <table className="table estimates">
        <thead>
          <tr>
            <th scope="col">{t("words.metric")}</th>
            {champion === undefined ? null : (
              <th scope="col" className="number">
                v{champion.version}
              </th>
            )}
            <th scope="col" className="number">
              v{version.version}
            </th>
            {champion === undefined ? null : (
              <th scope="col" className="number">
                {t("data.rowChange")}
              </th>
            )}
            <th scope="col" className="bare">
              {t("registry.intervalHead")}
            </th>
            <th scope="col">{t("registry.interval")}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => (
            <tr key={pair.name}>
              <td>
                <b>{pair.name}</b>{" "}
                {pair.lowerIsBetter ? <span className="quiet">{t("experiments.lowerBetter")}</span> : null}
              </td>
              {champion === undefined ? null : (
                <td className="number live">
                  {pair.champion === undefined ? "" : format.metric(pair.champion.value)}
                </td>
              )}
              <td className="number strong candidate">{format.metric(pair.version.value)}</td>
              {champion === undefined ? null : (
                <td className="number">
                  {pair.champion === undefined ? "" : format.signed(pair.version.value - pair.champion.value)}
                </td>
              )}
              <td className="bare">
                <IntervalBar pair={pair} />
              </td>
              <td className="second small">
                {pair.version.low === null || pair.version.high === null
                  ? t("registry.noInterval")
                  : `${format.interval(pair.version.low, pair.version.high)} ${pair.version.method ?? ""}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const BAR = { width: 220, height: 32 };

/** Both estimates with their intervals on one axis; better is always to the right. */
function IntervalBar({ pair }: { pair: EstimatePair }) {
  const { low, high } = axisOf(pair);
  const x = (value: number) => {
    const share = (value - low) / (high - low);
    return 6 + (pair.lowerIsBetter ? 1 - share : share) * (BAR.width - 12);
  };
  const { version, champion } = pair;
  if (champion === undefined && version.low === null) return null;
  const span = (estimate: { low: number | null; high: number | null }, y: number, colour: string) =>
    estimate.low === null || estimate.high === null ? null : (
      <path
        d={`M${x(estimate.low)} ${y}H${x(estimate.high)}M${x(estimate.low)} ${y - 4}v8M${x(estimate.high)} ${y - 4}v8`}
        stroke={colour}
        strokeWidth="1.75"
        fill="none"
      />
    );
  const y = champion === undefined ? 16 : 11;
  return (
    <svg width={BAR.width} height={BAR.height} aria-hidden="true">
      {champion === undefined ? null : (
        <>
          {span(champion, 22, "var(--live)")}
          <circle cx={x(champion.value)} cy={22} r="4" fill="var(--live)" />
        </>
      )}
      {span(version, y, "var(--candidate)")}
      <path d={diamond(x(version.value), y, 5)} fill="var(--candidate)" />
    </svg>
  );
}

function Pictures({ report, other }: { report: EvaluationReport; other: EvaluationReport | null }) {
  const { t } = useWords();
  const pictures: [key: string, title: string, hint: string, picture: ReactNode][] = [];
  if (report.roc !== null) {
    pictures.push([
      "roc",
      t("registry.roc"),
      t("registry.rocHint"),
      <RocCurve key="roc" of={report.roc} champion={other?.roc ?? null} />,
    ]);
  }
  if (report.calibration !== null) {
    pictures.push([
      "calibration",
      t("registry.calibration"),
      t("registry.calibrationHint"),
      <Reliability key="calibration" of={report.calibration} champion={other?.calibration ?? null} />,
    ]);
  }
  if (report.confusion !== null) {
    pictures.push([
      "confusion",
      t("registry.confusion"),
      t("registry.confusionHint"),
      <Confusion key="confusion" of={report.confusion} />,
    ]);
  }
  return (
    <div className="pictures">
      {pictures.map(([key, title, hint, picture]) => (
        <figure key={key}>
          <SectionHead title={title} hint={hint} />
          {picture}
        </figure>
      ))}
    </div>
  );
}
