import type { MonitorWindow } from "@causeway/contract";
import { qualityText } from "../../components/alert-words.ts";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { Facts, SectionHead } from "../../components/page-frame.tsx";
import { windowName } from "../../components/window-name.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** What else is known of a window: who answered, how much truth has come, how late, how fast the answers were. */
export function WindowFacts({ window }: { window: MonitorWindow }) {
  const { t, format } = useWords();
  const scope = useScope();
  const { coverage, service, quality } = window;
  const span = (seconds: number) => format.duration(seconds * 1000);
  return (
    <div>
      <SectionHead title={t("monitoring.aboutWindow", { window: windowName(window.title, { t, format }) })} />
      <Facts
        of={[
          [
            t("monitoring.versions"),
            window.versions.map(({ version, rows }) => (
              <div key={version}>
                <Go to={places.modelVersion(scope, { model: window.model, version })}>
                  {t("monitoring.versionRows", { version, count: rows })}
                </Go>
              </div>
            )),
          ],
          [
            t("monitoring.coverage"),
            `${t("monitoring.coverageOf", { labelled: format.count(coverage.labelled), rows: format.count(window.rows) })}${
              coverage.share === null ? "" : `, ${format.percent(coverage.share)}`
            }`,
          ],
          [
            t("monitoring.lag"),
            coverage.lagSeconds === null
              ? null
              : t("monitoring.lagOf", {
                  p50: span(coverage.lagSeconds.p50),
                  p95: span(coverage.lagSeconds.p95),
                }),
          ],
          [
            t("monitoring.restated"),
            window.restated === 0 || window.restatedAt === null ? null : (
              <span key="restated">
                {t("monitoring.restatedTimes", { count: window.restated })}, <Moment at={window.restatedAt} />
              </span>
            ),
          ],
          [
            t("monitoring.quality"),
            quality.length === 0
              ? null
              : quality.map(({ column, problem, fact }) => (
                  <div key={`${column} ${problem}`}>
                    <b>{column}</b>: {qualityText({ problem, fact }, { t, format })}
                  </div>
                )),
          ],
          [
            t("monitoring.requests"),
            service === null
              ? null
              : t("monitoring.requestsOf", { count: format.count(service.requests), errors: service.errors }),
          ],
          [
            t("monitoring.latency"),
            service === null || service.p50Ms === null || service.p99Ms === null
              ? null
              : `${format.metric(service.p50Ms, 1)} / ${format.metric(service.p99Ms, 1)} ms`,
          ],
          [t("monitoring.closedAt"), <Moment key="closed" at={window.closedAt} />],
          [t("monitoring.level"), t("monitoring.levelOf", { level: format.percent(window.level, 2) })],
        ]}
      />
    </div>
  );
}
