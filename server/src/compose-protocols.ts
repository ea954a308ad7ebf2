import type { Lifecycle, Platform } from "./compose.ts";
import { artifactRoutes } from "./protocols/mlflow/artifact-routes.ts";
import { artifactUploadRoutes } from "./protocols/mlflow/artifact-upload-routes.ts";
import { otlpRoutes } from "./protocols/mlflow/otlp-routes.ts";
import { registryRoutes as mlflowRegistryRoutes } from "./protocols/mlflow/registry-routes.ts";
import type { MlflowRoute } from "./protocols/mlflow/route.ts";
import { serverRoutes } from "./protocols/mlflow/server-routes.ts";
import { traceRoutes } from "./protocols/mlflow/trace-routes.ts";
import { trackingRoutes } from "./protocols/mlflow/tracking-routes.ts";
import type { BoundRoute } from "./protocols/rest/bind.ts";
import { dataRoutes } from "./protocols/rest/data.ts";
import { deploymentsRoutes } from "./protocols/rest/deployments.ts";
import { experimentsRoutes } from "./protocols/rest/experiments.ts";
import { experimentsImportRoutes } from "./protocols/rest/experiments-import.ts";
import { experimentsSearchRoutes } from "./protocols/rest/experiments-search.ts";
import { experimentsUpkeepRoutes } from "./protocols/rest/experiments-upkeep.ts";
import { monitoringRoutes } from "./protocols/rest/monitoring.ts";
import { pipelinesRoutes } from "./protocols/rest/pipelines.ts";
import { registryRoutes } from "./protocols/rest/registry.ts";
import { registryImportRoutes } from "./protocols/rest/registry-import.ts";
import { retrainingRoutes } from "./protocols/rest/retraining.ts";

/** The routes of the stages' tables. */
export function composeRoutes({
  data,
  experiments,
  experimentsSearch,
  experimentsUpkeep,
  imports,
  pipelines,
  registry,
  registryImports,
  deployments,
  monitoring,
  retraining,
}: Lifecycle): BoundRoute[] {
  return [
    ...dataRoutes(data),
    ...experimentsRoutes(experiments),
    ...experimentsImportRoutes(imports),
    ...experimentsSearchRoutes(experimentsSearch),
    ...experimentsUpkeepRoutes(experimentsUpkeep),
    ...pipelinesRoutes(pipelines),
    ...registryRoutes(registry),
    ...registryImportRoutes(registryImports),
    ...deploymentsRoutes(deployments),
    ...monitoringRoutes(monitoring),
    ...retrainingRoutes(retraining),
  ];
}

/** What is answered to clients of MLflow. */
export function composeMlflow({ now }: Platform, lifecycle: Lifecycle): MlflowRoute[] {
  return [
    ...serverRoutes,
    ...trackingRoutes(lifecycle),
    ...artifactRoutes({ ...lifecycle, artifactTree: lifecycle.versionTree }),
    ...artifactUploadRoutes(lifecycle),
    ...traceRoutes({ ...lifecycle, artifactTree: lifecycle.versionTree, now }),
    ...otlpRoutes(lifecycle),
    ...mlflowRegistryRoutes(lifecycle),
  ];
}
