import type { Experiment } from "@causeway/contract";
import { experimentArtifactUri } from "./artifact-uri.ts";
import type { StoredExperiment } from "./experiments-store.ts";
import { NOTE_TAG } from "./run-tags.ts";

/** An experiment as the contract has it: its note is a tag for clients of MLflow. */
export function viewExperiment(stored: StoredExperiment): Experiment {
  const { [NOTE_TAG]: note = "", ...tags } = stored.tags ?? {};
  return {
    id: String(stored.number),
    name: stored.name,
    note,
    tags,
    artifactLocation: experimentArtifactUri(stored),
    runs: stored.runs,
    createdAt: stored.createdAt.toISOString(),
    updatedAt: stored.updatedAt.toISOString(),
    deletedAt: stored.deletedAt?.toISOString() ?? null,
  };
}
