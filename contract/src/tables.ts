import { data } from "./data.ts";
import { deployments } from "./deployments.ts";
import { experiments } from "./experiments.ts";
import { pipelines } from "./pipelines.ts";
import { platform } from "./platform.ts";
import { registry } from "./registry.ts";

/** Every route of control, by stage. */
export const ENDPOINTS = { platform, data, experiments, pipelines, registry, deployments };
export type Endpoints = typeof ENDPOINTS;
