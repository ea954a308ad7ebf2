import type { MonitorWindow } from "@causeway/contract";
import { notJudgedText } from "../../components/alert-words.ts";
import { windowName } from "../../components/window-name.ts";
import { useWords } from "../../lib/words.tsx";

/** What is true of a window, in a sentence: how many columns drifted, the metric with its interval, the reference. */
export function WindowSentence({ window }: { window: MonitorWindow }) {
  const { t, format } = useWords();
  const moment = window.performance?.[0];
  const { drift } = window;
  const metric =
    moment === undefined || moment.now.low === null || moment.now.high === null
      ? undefined
      : {
          metric: moment.metric,
          value: format.metric(moment.now.value),
          interval: format.interval(moment.now.low, moment.now.high),
        };
  return (
    <p className="window-sentence">
      {drift.judged
        ? t("monitoring.quietWindow", {
            window: windowName(window.title, { t, format }),
            drifted: drift.drifted.length,
            columns: drift.columns,
          })
        : t("monitoring.notJudged", { reason: notJudgedText(drift, { t, format }) })}{" "}
      {metric === undefined
        ? null
        : moment?.reference == null
          ? t("monitoring.quietMetricAlone", metric)
          : t("monitoring.quietMetric", { ...metric, reference: format.metric(moment.reference.value) })}
    </p>
  );
}
