export { type AliasApprovals, type ApprovalWish, createAliasApprovals } from "./approval-service.ts";
export { matchLabel } from "./class-labels.ts";
export { presentInputs } from "./dataset-columns.ts";
export { EvaluationDocument } from "./evaluation-document.ts";
export { createEvaluations, type Evaluations } from "./evaluation-service.ts";
export { defineEvaluation } from "./evaluation-work.ts";
export { createGates, type Gates } from "./gate-service.ts";
export { judgementOf } from "./gate-summary.ts";
export { defineGateWork } from "./gate-work.ts";
export { createModelProgram } from "./model-program.ts";
export { createPreparation, type PreparationService } from "./preparation-service.ts";
export { definePreparation } from "./preparation-work.ts";
export { isPrompt } from "./prompt.ts";
export type { ReferenceProfile } from "./reference-profile.ts";
export { createRegistryChanges, type FindUses, type RegistryChanges } from "./registry-changes-service.ts";
export { createRegistryImports, type RegistryImports } from "./registry-import-service.ts";
export { versionPath } from "./registry-paths.ts";
export {
  createRegistrySearches,
  type LabelledModel,
  type LabelledVersion,
  type RegistrySearches,
} from "./registry-search-service.ts";
export { createRegistry, type Registry } from "./registry-service.ts";
export { findRegisteredRuns } from "./run-uses-reader.ts";
export type { ScanPolicy } from "./scan-policy.ts";
export { evaluate } from "./steps/evaluate.ts";
export { createEvaluatePreparation } from "./steps/evaluate-mlflow.ts";
export { createRegisterCommit, register } from "./steps/register.ts";
export { registryTasks } from "./tasks/registry-tasks.ts";
export { createTrainingRuns } from "./training-run-service.ts";
export { sourceAddress } from "./version-address.ts";
export { createVersionSources, type VersionSources } from "./version-source-service.ts";
export { createVersionTree } from "./version-tree-service.ts";
export { createWebhooks, type Webhooks } from "./webhooks-service.ts";
