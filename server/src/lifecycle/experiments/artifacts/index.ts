export { type ArtifactPlace, placeOfProxyPath } from "./artifact-address.ts";
export { nameOfPath } from "./artifact-path.ts";
export { type ArtifactTree, type ArtifactTreeService, createArtifactTree } from "./artifact-tree-service.ts";
export { parseByteRange } from "./byte-range.ts";
export { mediaTypeOf } from "./media-type.ts";
export { createRunArtifacts } from "./run-artifacts-service.ts";
export { createUploads, type Uploads } from "./upload-service.ts";
