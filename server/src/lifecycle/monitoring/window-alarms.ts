import type { AlertKind } from "@causeway/contract";

/** What a window found, as far as it may be told. */
export type WindowFindings = {
  readonly drifted: boolean;
  readonly predictionDrifted: boolean;
  readonly worse: boolean;
  readonly quality: boolean;
};

/** The kinds of alerts that a window's rows raise. */
export function alarmsOf({ drifted, predictionDrifted, worse, quality }: WindowFindings): AlertKind[] {
  return [
    ...(drifted ? (["data-drift"] as const) : []),
    ...(predictionDrifted ? (["prediction-drift"] as const) : []),
    ...(worse ? (["performance"] as const) : []),
    ...(quality ? (["quality"] as const) : []),
  ];
}
