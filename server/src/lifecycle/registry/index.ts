export { createModelProgram, type ModelProgram } from "./model-program.ts";
export { versionPath } from "./registry-paths.ts";
export { createRegistry, type Registry, type RegistryParts, type RunReader } from "./registry-service.ts";
export type { StoredVersion } from "./registry-store.ts";
export { evaluate } from "./steps/evaluate.ts";
export { createRegisterCommit, register } from "./steps/register.ts";
export { createTrainingRuns } from "./training-run-service.ts";
export type { NewVersion } from "./version-service.ts";
