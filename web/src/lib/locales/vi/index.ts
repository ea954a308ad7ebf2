import type { Messages } from "../en/index.ts";
import { columnType, data, lineage, lineageKind, pager, progress, sourceKind } from "./data.ts";
import { deployments, gatewayState } from "./deployments.ts";
import { drivers, experiments } from "./experiments.ts";
import { events, first, home, kinds, loop, outcome } from "./home.ts";
import { attemptState, pipelines, portKind } from "./pipelines.ts";
import { registry, task } from "./registry.ts";
import { settings } from "./settings.ts";
import { shell, signIn, stages, trace } from "./shell.ts";
import { deploymentState, pipelineRunState, runState, status, stepState, words, workState } from "./words.ts";

/** Every message in Vietnamese. */
export const vi: Messages = {
  attemptState,
  columnType,
  data,
  deployments,
  deploymentState,
  drivers,
  events,
  experiments,
  first,
  gatewayState,
  home,
  kinds,
  lineage,
  lineageKind,
  loop,
  outcome,
  pager,
  pipelineRunState,
  pipelines,
  portKind,
  progress,
  registry,
  runState,
  settings,
  shell,
  signIn,
  sourceKind,
  stages,
  status,
  stepState,
  task,
  trace,
  words,
  workState,
};
