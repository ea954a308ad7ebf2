import type { Policy, Trigger } from "@causeway/contract";
import { Go } from "../../components/go.tsx";
import { Facts, SectionHead } from "../../components/page-frame.tsx";
import type { Format } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { type Translate, useWords } from "../../lib/words.tsx";
import { TrainingsUsed } from "./policy-list-page.tsx";

/** The settings of a policy, every default said. */
export function PolicyFacts({ policy }: { policy: Policy }) {
  const { t, format } = useWords();
  const scope = useScope();
  const { settings } = policy;
  const { data, approve, confirm, notify, gate } = settings;
  return (
    <div>
      <SectionHead title={t("retraining.settings")} />
      <Facts
        of={[
          [
            t("retraining.pipeline"),
            <Go key="pipeline" to={places.pipeline(scope, settings.retrain)}>
              {settings.retrain}
            </Go>,
          ],
          [t("retraining.param"), settings.param ?? null],
          [t("retraining.target"), settings.target ?? null],
          [
            t("retraining.params"),
            Object.keys(settings.params).length === 0 ? null : (
              <code key="params">{JSON.stringify(settings.params)}</code>
            ),
          ],
          [
            t("retraining.triggers"),
            settings.when.map((trigger) => triggerText(trigger, { t, format })).join("; "),
          ],
          [t("retraining.cooldown"), settings.cooldown ?? t("retraining.cooldownWindow")],
          [t("retraining.budget"), <TrainingsUsed key="budget" of={policy.trainings} />],
          [
            t("retraining.dataWindow"),
            data.window === "auto" || data.window === "all"
              ? t(`retraining.dataWindows.${data.window}`)
              : data.window,
          ],
          [t("retraining.leastRows"), format.count(data.leastRows)],
          [
            t("retraining.gate"),
            gate.length === 0
              ? t("retraining.gateDefault")
              : t("retraining.gateRules", { count: gate.length }),
          ],
          [t("retraining.refitShort"), settings.refit ? t("shell.yes") : t("shell.no")],
          [
            t("retraining.approve"),
            [
              t(`retraining.approveBy.${approve.by}`),
              ...(approve.fourEyes ? [t("retraining.fourEyesShort")] : []),
              approve.expiresAfter,
            ].join(", "),
          ],
          [t("retraining.alias"), settings.alias],
          [t("retraining.confirm"), confirm.windows],
          [
            t("retraining.notify"),
            notify.length === 0 ? (
              <span key="none" className="quiet">
                {t("retraining.noChannels")}
              </span>
            ) : (
              <Go key="channels" to={places.settings(scope, "channels")}>
                {notify.join(", ")}
              </Go>
            ),
          ],
        ]}
      />
    </div>
  );
}

function triggerText(trigger: Trigger, { t, format }: { t: Translate; format: Format }): string {
  const name = t(`retraining.trigger.${trigger.on}`);
  switch (trigger.on) {
    case "drift":
      return name;
    case "performance":
      return `${name}${trigger.metric === undefined ? "" : ` (${trigger.metric})`}, ${t("retraining.drop")} ${format.plain(trigger.drop)}`;
    case "labels":
      return `${name}: ${format.count(trigger.rows)}`;
    case "schedule":
      return `${name} ${trigger.cron} ${trigger.zone}`;
    default:
      return trigger satisfies never;
  }
}
