import type { Deployment, LogState } from "@causeway/contract";
import { Go } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Facts, SectionHead } from "../../components/page-frame.tsx";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** How much of the log is known to be right or wrong, over what time, and how late truth comes. */
export function LogFacts({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const log = useAnswer(["deployments", "getLog"], { deployment: deployment.name });
  return (
    <div>
      <SectionHead title={t("deployments.truthHead")} hint={t("deployments.truthHint")} />
      <Loaded answer={log} skeleton={<RowsSkeleton rows={3} columns={2} />}>
        {(state) => <Known state={state} deployment={deployment} />}
      </Loaded>
    </div>
  );
}

function Known({ state, deployment }: { state: LogState; deployment: Deployment }) {
  const { t, format } = useWords();
  const scope = useScope();
  const { truth } = state;
  const moment = (at: string | null) =>
    at === null ? null : (
      <time dateTime={at} title={format.exact(new Date(at))}>
        {format.dateTime(new Date(at), new Date())}
      </time>
    );
  return (
    <>
      {truth.coverage === null ? null : <CoverageBar share={truth.coverage} labelled={truth.labelled} />}
      <Facts
        of={[
          [
            t("deployments.logRows"),
            <Go key="rows" to={places.predictions(scope, deployment.name)}>
              {format.count(state.rows)}
            </Go>,
          ],
          [
            t("deployments.labelled"),
            <Go key="labelled" to={places.predictions(scope, deployment.name, { truth: "known" })}>
              {format.count(truth.labelled)}
            </Go>,
          ],
          [
            t("deployments.lag"),
            truth.lagSeconds === null
              ? null
              : t("deployments.lagText", {
                  p50: format.duration(truth.lagSeconds.p50 * 1000),
                  p95: format.duration(truth.lagSeconds.p95 * 1000),
                }),
          ],
          [t("deployments.held"), truth.held === 0 ? null : format.count(truth.held)],
          [t("deployments.firstAt"), moment(state.firstOccurredAt)],
          [t("deployments.lastAt"), moment(state.lastOccurredAt)],
          [t("deployments.receivedAt"), moment(state.lastReceivedAt)],
          [t("deployments.truthAt"), moment(truth.lastOccurredAt)],
        ]}
      />
    </>
  );
}

/** The share of rows whose truth is known, as a bar with its words. */
function CoverageBar({ share, labelled }: { share: number; labelled: number }) {
  const { t, format } = useWords();
  return (
    <div className="coverage">
      <span className="coverage-bar" aria-hidden="true">
        <i style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
      <span>{t("deployments.coverage", { share: format.percent(share), count: labelled })}</span>
    </div>
  );
}
