import { experimentsUpkeep } from "@causeway/contract";
import type { createCleanUp, ExperimentsUpkeep } from "../../lifecycle/experiments/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** Routes of `contract/src/experiments-upkeep.ts`. */
export function experimentsUpkeepRoutes(
  service: ExperimentsUpkeep & ReturnType<typeof createCleanUp>,
): BoundRoute[] {
  return bind(experimentsUpkeep, {
    getExperiment: service.getExperiment,
    updateExperiment: service.updateExperiment,
    deleteExperiment: service.deleteExperiment,
    restoreExperiment: service.restoreExperiment,
    followExperiment: service.followExperiment,
    updateRun: service.updateRun,
    tagRuns: service.tagRuns,
    deleteRuns: service.deleteRuns,
    restoreRuns: service.restoreRuns,
    cleanUp: service.cleanUp,
    listLoggedModels: service.listLoggedModels,
  });
}
