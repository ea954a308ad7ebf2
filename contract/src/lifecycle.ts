/** The seven stages of a model's life, in order. Every layer uses these words verbatim. */
export const STAGES = [
  "data",
  "experiments",
  "pipelines",
  "registry",
  "deployments",
  "monitoring",
  "retraining",
] as const;

/** One of the seven words. */
export type Stage = (typeof STAGES)[number];
