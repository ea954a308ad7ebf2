import { createCurveSampler } from "./curves/index.ts";
import { createRunsSearch, type RunSearch } from "./search/index.ts";
import { createRunViews, type RunViewsParts } from "./views/index.ts";

/** What searches, curves and kept views are made from. */
export type ExperimentsSearchParts = RunViewsParts & { readonly search: Pick<RunSearch, "findRunKeys"> };

/** Searches, curves and kept views of runs. */
export type ExperimentsSearch = ReturnType<typeof createExperimentsSearch>;

/** Makes the service that answers the search table of the contract. */
export function createExperimentsSearch(parts: ExperimentsSearchParts) {
  const { sampleCurves } = createCurveSampler(parts);
  return { ...createRunsSearch(parts), sampleCurves, ...createRunViews(parts) };
}
