export { createModelProgram } from "./model-program.ts";
export { versionPath } from "./registry-paths.ts";
export { createRegistry, type Registry } from "./registry-service.ts";
export { evaluate } from "./steps/evaluate.ts";
export { createRegisterCommit, register } from "./steps/register.ts";
export { createTrainingRuns } from "./training-run-service.ts";
