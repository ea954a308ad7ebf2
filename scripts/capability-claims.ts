import type { Capabilities } from "./claims/capability.ts";
import { dataClaims } from "./claims/data.ts";
import { deploymentsClaims } from "./claims/deployments.ts";
import { experimentsClaims } from "./claims/experiments.ts";
import { monitoringClaims } from "./claims/monitoring.ts";
import { pipelinesClaims } from "./claims/pipelines.ts";
import { platformClaims } from "./claims/platform.ts";
import { registryClaims } from "./claims/registry.ts";
import { retrainingClaims } from "./claims/retraining.ts";

/** All lines of the product by id, in the order of the lifecycle. */
export const CAPABILITIES: Capabilities = {
  ...dataClaims,
  ...experimentsClaims,
  ...pipelinesClaims,
  ...registryClaims,
  ...deploymentsClaims,
  ...monitoringClaims,
  ...retrainingClaims,
  ...platformClaims,
};
