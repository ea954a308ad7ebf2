import { experiments } from "@causeway/contract";
import type { Experiments } from "../../lifecycle/experiments/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** Routes of `contract/src/experiments.ts`. */
export function experimentsRoutes(service: Experiments): BoundRoute[] {
  return bind(experiments, {
    createExperiment: service.createExperiment,
    listExperiments: service.listExperiments,
    startRun: service.startRun,
    listRuns: service.listRuns,
    getRun: service.getRun,
    log: service.log,
    updateRecord: service.updateRecord,
    endRun: service.endRun,
    metricHistory: service.metricHistory,
    listArtifacts: service.listArtifacts,
    uploadArtifact: service.uploadArtifact,
    downloadArtifact: service.downloadArtifact,
    previewArtifact: service.previewArtifact,
  });
}
