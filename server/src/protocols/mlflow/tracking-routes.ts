import type { Tracking } from "../../lifecycle/experiments/index.ts";
import type { MlflowRoute } from "./route.ts";
import { experimentRoutes } from "./tracking-experiments.ts";
import { historyRoutes } from "./tracking-history.ts";
import { logRoutes } from "./tracking-log.ts";
import { loggedModelRoutes } from "./tracking-models.ts";
import { runRoutes } from "./tracking-runs.ts";

/** Experiments, runs, histories and logged models, as clients of MLflow track them. */
export function trackingRoutes({ tracking }: { readonly tracking: Tracking }): MlflowRoute[] {
  return [
    ...experimentRoutes(tracking),
    ...runRoutes(tracking),
    ...logRoutes(tracking),
    ...historyRoutes(tracking),
    ...loggedModelRoutes(tracking),
  ];
}
