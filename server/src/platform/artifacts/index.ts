export { type Artifact, type Artifacts, createArtifacts, type Keeper } from "./artifacts.ts";
export { createNaming } from "./naming.ts";
