import type { Deployment } from "@causeway/contract";
import { Go } from "../../components/go.tsx";
import { MetricTrend } from "../../components/metric-trend.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { heldText, policySentence } from "../../components/policy-words.ts";
import { StatusMark } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { address, places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** Who watches a deployment and who retrains its model; where nobody does, the way to change that. */
export function WatchLinks({ deployment }: { deployment: Deployment }) {
  const { t, format } = useWords();
  const scope = useScope();
  const of = { deployment: deployment.name, limit: 20 };
  const monitors = useAnswer(["monitoring", "listMonitors"], of);
  const policies = useAnswer(["retraining", "listPolicies"], of);
  if (monitors.data === undefined || policies.data === undefined) return null;
  return (
    <div>
      <SectionHead title={t("deployments.watched")} />
      <ul className="needs">
        {monitors.data.items.map((monitor) => (
          <li key={`monitor ${monitor.name}`}>
            <StatusMark status={monitor.openAlerts > 0 ? "warn" : monitor.problem === null ? "ok" : "warn"} />
            <b>
              <Go className="ink-link" to={places.monitor(scope, monitor.name)}>
                {t("deployments.monitorNamed", { name: monitor.name })}
              </Go>
            </b>
            <p>{monitor.problem ?? t("deployments.openAlerts", { count: monitor.openAlerts })}</p>
            <span className="act">
              <MetricTrend monitor={monitor.name} />
            </span>
          </li>
        ))}
        {monitors.data.items.length > 0 ? null : (
          <li>
            <StatusMark status="idle" />
            <b>{t("deployments.notWatched")}</b>
            <p>
              <Go to={address(scope, ["monitoring"], { watch: "1", deployment: deployment.name })}>
                {t("deployments.watchIt")}
              </Go>
            </p>
          </li>
        )}
        {policies.data.items.map((policy) => (
          <li key={`policy ${policy.name}`}>
            <StatusMark status={policy.paused ? "blocked" : "ok"} />
            <b>
              <Go className="ink-link" to={places.policy(scope, policy.name)}>
                {t("deployments.policyNamed", { name: policy.name })}
              </Go>
            </b>
            <p>{heldText(policy, { t, format }) ?? policySentence(policy, { t, format })}</p>
          </li>
        ))}
        {policies.data.items.length > 0 ? null : (
          <li>
            <StatusMark status="idle" />
            <b>{t("deployments.notRetrained")}</b>
            <p>
              <Go to={address(scope, ["retraining"], { new: "1", deployment: deployment.name })}>
                {t("deployments.retrainIt")}
              </Go>
            </p>
          </li>
        )}
      </ul>
    </div>
  );
}
