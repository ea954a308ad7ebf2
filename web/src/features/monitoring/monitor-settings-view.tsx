import type { Monitor } from "@causeway/contract";
import { ErrorNote } from "../../components/error-note.tsx";
import { useGo } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { Facts, Section } from "../../components/page-frame.tsx";
import { Removal } from "../../components/removal.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { useAction } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** What a monitor judges by, and its pause and its end. */
export function MonitorSettingsView({ monitor }: { monitor: Monitor }) {
  const { t, format } = useWords();
  const { settings } = monitor;
  const update = useAction(["monitoring", "updateMonitor"]);
  return (
    <Section open>
      <Facts
        of={[
          [
            t("monitoring.length"),
            typeof settings.window === "string"
              ? `${settings.window}, ${settings.zone}`
              : t("monitoring.rowsWord", { count: settings.window.rows }),
          ],
          [t("monitoring.lateness"), settings.lateness],
          [t("monitoring.truthWithin"), settings.truth.within],
          [
            t("monitoring.drop"),
            `${format.plain(settings.performance.drop)}, ${format.percent(settings.performance.confidence, 0)}`,
          ],
          [t("words.metric"), settings.performance.metric],
          [
            t("monitoring.falseAlarms"),
            t("monitoring.falseAlarmsOf", { share: format.percent(settings.drift.falseAlarms) }),
          ],
          [t("monitoring.leastEffect"), format.plain(settings.drift.effect)],
          [t("monitoring.leastRows"), format.count(settings.drift.leastRows)],
          [
            t("monitoring.season"),
            settings.drift.season ? t("monitoring.seasonYes") : t("monitoring.seasonNo"),
          ],
          [t("monitoring.without"), settings.drift.without.join(", ")],
          [t("monitoring.growth"), format.percent(settings.quality.growth)],
          [
            t("monitoring.errorRate"),
            settings.service.errorRate === null ? null : format.percent(settings.service.errorRate),
          ],
          [
            t("monitoring.notify"),
            settings.notify.length === 0 ? t("shell.none") : settings.notify.join(", "),
          ],
          [
            t("words.created"),
            <span key="created">
              <Moment at={monitor.createdAt} />, {t("shell.madeBy", { who: monitor.createdBy.name })}
            </span>,
          ],
        ]}
      />
      {update.error === null ? null : <ErrorNote error={update.error} />}
      <div className="setting-actions">
        <RightButton
          permission="monitoring:write"
          disabled={update.isPending}
          onClick={() => update.mutate({ monitor: monitor.name, paused: !monitor.paused })}
        >
          {monitor.paused ? t("monitoring.resume") : t("monitoring.pause")}
        </RightButton>
      </div>
      <RemoveMonitor monitor={monitor} />
    </Section>
  );
}

/** Ends a monitor with its windows. */
function RemoveMonitor({ monitor: { name } }: { monitor: Monitor }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const remove = useAction(["monitoring", "deleteMonitor"]);
  return (
    <Removal
      name={name}
      permission="monitoring:write"
      words={{
        open: t("monitoring.remove"),
        ask: t("monitoring.removeAsk", { monitor: name, environment: scope.environment }),
        text: t("monitoring.removeText"),
        typeName: t("deployments.typeName", { deployment: name }),
        confirm: t("monitoring.removeNow", { monitor: name }),
      }}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate({ monitor: name }, { onSuccess: () => go(places.stage(scope, "monitoring")) })
      }
    />
  );
}
