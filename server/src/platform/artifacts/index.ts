export { type Artifact, type Artifacts, createArtifacts } from "./artifacts.ts";
