import { data } from "./data.ts";
import { deployments } from "./deployments.ts";
import { experiments } from "./experiments.ts";
import { experimentsImport } from "./experiments-import.ts";
import { experimentsSearch } from "./experiments-search.ts";
import { experimentsUpkeep } from "./experiments-upkeep.ts";
import { monitoring } from "./monitoring.ts";
import { pipelines } from "./pipelines.ts";
import { platform } from "./platform.ts";
import { registry } from "./registry.ts";
import { registryChanges } from "./registry-changes.ts";
import { registryEvaluation } from "./registry-evaluation.ts";
import { registryImport } from "./registry-import.ts";
import { registryWebhooks } from "./registry-webhooks.ts";
import { retraining } from "./retraining.ts";

/** Every route of control, by stage. */
export const ENDPOINTS = {
  platform,
  data,
  experiments: { ...experiments, ...experimentsImport, ...experimentsSearch, ...experimentsUpkeep },
  pipelines,
  registry: {
    ...registry,
    ...registryChanges,
    ...registryEvaluation,
    ...registryWebhooks,
    ...registryImport,
  },
  deployments,
  monitoring,
  retraining,
};
export type Endpoints = typeof ENDPOINTS;
