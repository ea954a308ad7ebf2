import { createCurveSampler } from "./curves/curve-sampler-service.ts";
import type { RunSearch } from "./search/run-search-service.ts";
import { createRunsSearch } from "./search/runs-search-service.ts";
import { createRunViews, type RunViewsParts } from "./views/run-views-service.ts";

/** What searches, curves and kept views are made from. */
export type ExperimentsSearchParts = RunViewsParts & { readonly search: Pick<RunSearch, "findRunKeys"> };

/** Searches, curves and kept views of runs. */
export type ExperimentsSearch = ReturnType<typeof createExperimentsSearch>;

/** Makes the service that answers the search table of the contract. */
export function createExperimentsSearch(parts: ExperimentsSearchParts) {
  const { sampleCurves } = createCurveSampler(parts);
  return { ...createRunsSearch(parts), sampleCurves, ...createRunViews(parts) };
}
