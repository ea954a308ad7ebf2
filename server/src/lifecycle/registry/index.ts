export { createModelProgram, type ModelProgram } from "./model-program.ts";
export { versionPath } from "./registry-paths.ts";
export { createRegistry, type Registry, type RegistryParts, type RunReader } from "./registry-service.ts";
export type { StoredVersion } from "./registry-store.ts";
export type { NewVersion } from "./version-service.ts";
