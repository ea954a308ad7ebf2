import type { Same } from "../same.ts";
import { alertFact } from "./alerts.ts";
import { approvalFact, cycleFact, storyFact, storyLink } from "./cycles.ts";
import { columnType, data, lineage, lineageKind, pager, progress, sourceKind } from "./data.ts";
import { deployments, gatewayState } from "./deployments.ts";
import { errorCode, errorOf, fieldName, fieldRule } from "./errors.ts";
import { drivers, experiments } from "./experiments.ts";
import { findingFact, stepWhy } from "./findings.ts";
import { events, first, home, kinds, loop, outcome, story, triggerKind } from "./home.ts";
import { monitoring } from "./monitoring.ts";
import { attemptState, pipelines, portKind } from "./pipelines.ts";
import { heldBy, policyRule, triggerFact } from "./policies.ts";
import { preparation, registry, task } from "./registry.ts";
import { cycleStep, cycleStepState, retraining, timelineKind } from "./retraining.ts";
import { artifact, compare, curves, note, runList, runPage, tagEditor, views } from "./runs.ts";
import { settings } from "./settings.ts";
import { shell, signIn, stages, trace } from "./shell.ts";
import { verdict } from "./verdict.ts";
import {
  alertKind,
  alertState,
  cycleState,
  deploymentState,
  pipelineRunState,
  runState,
  status,
  stepState,
  words,
  workState,
} from "./words.ts";

/** Every message in English; the keys are the same in every language. */
export const en = {
  alertKind,
  alertState,
  attemptState,
  columnType,
  cycleState,
  cycleStep,
  cycleStepState,
  data,
  deployments,
  deploymentState,
  drivers,
  events,
  preparation,
  runList,
  runPage,
  note,
  tagEditor,
  views,
  curves,
  compare,
  artifact,
  experiments,
  first,
  gatewayState,
  home,
  kinds,
  lineage,
  lineageKind,
  loop,
  monitoring,
  policyRule,
  triggerFact,
  heldBy,
  verdict,
  cycleFact,
  findingFact,
  stepWhy,
  errorCode,
  errorOf,
  fieldName,
  fieldRule,
  storyFact,
  approvalFact,
  storyLink,
  alertFact,
  outcome,
  pager,
  pipelineRunState,
  pipelines,
  portKind,
  progress,
  registry,
  retraining,
  runState,
  settings,
  shell,
  signIn,
  sourceKind,
  stages,
  status,
  stepState,
  story,
  task,
  timelineKind,
  trace,
  triggerKind,
  words,
  workState,
} as const;

/** The shape of all messages. */
export type Messages = Same<typeof en>;
