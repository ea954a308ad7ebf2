import { useAnswer } from "../../lib/api.ts";
import type { Overview } from "./stage-state.ts";

/** Everything that the home page and the menu are judged from; undefined until all of it has come. */
export function useOverview(): { overview: Overview | undefined; error: Error | null; retry: () => void } {
  const answers = {
    datasets: useAnswer(["data", "listDatasets"], {}),
    experiments: useAnswer(["experiments", "listExperiments"], {}),
    runs: useAnswer(["experiments", "listRuns"], { limit: 50 }),
    pipelineRuns: useAnswer(["pipelines", "listRuns"], { limit: 50 }),
    models: useAnswer(["registry", "listModels"], {}),
    deployments: useAnswer(["deployments", "listDeployments"], {}),
    monitors: useAnswer(["monitoring", "listMonitors"], {}),
    alerts: useAnswer(["monitoring", "listAlerts"], { state: "open" }),
    policies: useAnswer(["retraining", "listPolicies"], {}),
    approvals: useAnswer(["registry", "listApprovals"], { state: "pending" }),
  };
  const {
    datasets,
    experiments,
    runs,
    pipelineRuns,
    models,
    deployments,
    monitors,
    alerts,
    policies,
    approvals,
  } = answers;
  const error = Object.values(answers).find((answer) => answer.error !== null)?.error ?? null;
  const retry = () => {
    for (const answer of Object.values(answers)) void answer.refetch();
  };
  if (
    datasets.data === undefined ||
    experiments.data === undefined ||
    runs.data === undefined ||
    pipelineRuns.data === undefined ||
    models.data === undefined ||
    deployments.data === undefined ||
    monitors.data === undefined ||
    alerts.data === undefined ||
    policies.data === undefined ||
    approvals.data === undefined
  ) {
    return { overview: undefined, error, retry };
  }
  return {
    error,
    retry,
    overview: {
      datasets: datasets.data.items,
      experiments: experiments.data.items,
      runs: runs.data.items,
      pipelineRuns: pipelineRuns.data.items,
      models: models.data.items,
      deployments: deployments.data.items,
      monitors: monitors.data.items,
      alerts: alerts.data.items,
      policies: policies.data.items,
      approvals: approvals.data.items,
    },
  };
}
