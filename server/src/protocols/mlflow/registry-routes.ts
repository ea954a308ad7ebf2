import { modelRoutes } from "./registry-models.ts";
import type { RegistryServices } from "./registry-services.ts";
import { versionRoutes } from "./registry-versions.ts";
import type { MlflowRoute } from "./route.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/** Registered models, their versions and aliases, and webhooks, as clients of MLflow know them. */
export function registryRoutes(services: RegistryServices): MlflowRoute[] {
  return [...modelRoutes(services), ...versionRoutes(services), ...webhookRoutes(services)];
}
