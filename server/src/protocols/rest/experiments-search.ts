import { experimentsSearch } from "@causeway/contract";
import type { ExperimentsSearch } from "../../lifecycle/experiments/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** Routes of `contract/src/experiments-search.ts`. */
export function experimentsSearchRoutes(service: ExperimentsSearch): BoundRoute[] {
  return bind(experimentsSearch, {
    searchRuns: service.searchRuns,
    listSearchKeys: service.listSearchKeys,
    sampleCurves: service.sampleCurves,
    saveView: service.saveView,
    listViews: service.listViews,
    deleteView: service.deleteView,
  });
}
