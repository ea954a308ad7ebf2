export { type Artifact, type Artifacts, createArtifacts } from "./artifacts.ts";
export type { ArtifactOwner } from "./artifacts-store.ts";
