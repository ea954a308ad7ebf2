export { createArtifactTree } from "./artifact-tree-service.ts";
export { createRunArtifacts } from "./run-artifacts-service.ts";
