import type { Cycle } from "@causeway/contract";
import { Go } from "../../components/go.tsx";
import { Facts, SectionHead } from "../../components/page-frame.tsx";
import { shortDigest } from "../../lib/format.ts";
import { address, places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** What a cycle worked with: versions, data, trainings, alert, window and gate, each with its page. */
export function CycleFacts({ cycle, monitor }: { cycle: Cycle; monitor: string | undefined }) {
  const { t, format } = useWords();
  const scope = useScope();
  const { model, champion, challenger, candidate, dataset, runs, gate, trigger } = cycle;
  const version = (number: number | null) =>
    number === null ? null : (
      <Go to={places.modelVersion(scope, { model, version: number })}>
        {model} v{number}
      </Go>
    );
  const moment = (at: string) => (
    <time dateTime={at} title={format.exact(new Date(at))}>
      {format.dateTime(new Date(at), new Date())}
    </time>
  );
  return (
    <div>
      <SectionHead title={t("retraining.versions")} />
      <Facts
        of={[
          [t("retraining.champion"), version(champion)],
          [t("retraining.challenger"), version(challenger)],
          [
            t("retraining.candidate"),
            candidate === null || candidate === challenger ? null : (
              <span key="candidate">
                {version(candidate)}{" "}
                {challenger === null ? null : (
                  <span className="quiet">{t("retraining.refitOf", { version: challenger })}</span>
                )}
              </span>
            ),
          ],
          [
            t("retraining.dataset"),
            dataset === null ? null : (
              <span key="dataset">
                <Go to={places.datasetVersion(scope, { dataset: dataset.dataset, id: dataset.version })}>
                  {dataset.dataset} <code>{shortDigest(dataset.version)}</code>
                </Go>
                , {t("retraining.datasetRows", { count: dataset.rows })}
              </span>
            ),
          ],
          [
            t("retraining.runs"),
            runs.length === 0
              ? null
              : runs.map(({ pipeline, number, purpose }) => (
                  <div key={`${pipeline} ${number}`}>
                    <Go to={places.pipelineRun(scope, { pipeline, number })}>
                      {pipeline} {number}
                    </Go>{" "}
                    <span className="quiet">{t(`retraining.purpose.${purpose}`)}</span>
                  </div>
                )),
          ],
          [
            t("retraining.gateOf"),
            gate === null || challenger === null ? null : (
              <Go key="gate" to={places.modelVersion(scope, { model, version: challenger }, { gate })}>
                {t("retraining.openGate")}
              </Go>
            ),
          ],
          [
            t("retraining.alert"),
            trigger.alert === null ? null : (
              <Go key="alert" to={address(scope, ["monitoring", "alerts", trigger.alert])}>
                {t("retraining.openAlert")}
              </Go>
            ),
          ],
          [
            t("retraining.windowOf"),
            trigger.window === null || monitor === undefined ? null : (
              <Go key="window" to={places.monitor(scope, monitor, { window: trigger.window })}>
                {moment(trigger.window)}
              </Go>
            ),
          ],
          [t("retraining.noticedAt"), moment(cycle.noticedAt)],
          [
            t("retraining.switchedAt"),
            cycle.switchedAt === null ? (
              <span key="none" className="quiet">
                {t("retraining.notYet")}
              </span>
            ) : (
              moment(cycle.switchedAt)
            ),
          ],
        ]}
      />
    </div>
  );
}
