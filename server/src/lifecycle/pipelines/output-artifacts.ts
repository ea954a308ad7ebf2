import type { StepOutput } from "@causeway/contract";

/** Digests of the artifacts that an output consists of: none of a dataset, whose version keeps its parts. */
export function artifactsOf({ kind, digest, files = [] }: StepOutput): string[] {
  return kind === "dataset" ? [] : [digest, ...files.map((file) => file.digest)];
}
