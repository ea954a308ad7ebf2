import type { Capabilities } from "./capability.ts";

export const experimentsClaims: Capabilities = {
  E1: {
    title: "The unmodified Python `mlflow` client",
    claims: {
      fluent: "fluent API",
      client: "MlflowClient",
      autolog: "autolog",
      models: "log_model and load_model of every flavour",
      datasets: "datasets",
      "logged-models": "logged models",
      registry: "registry and aliases",
      search: "search",
      traces: "traces",
      artifacts: "artifacts, multipart included",
    },
  },
  E2: {
    title: "Runs",
    claims: {
      params: "params",
      metrics: "metrics with step and time",
      "non-finite": "NaN and infinities kept",
      exact: "exact values back",
      tags: "tags",
      notes: "notes",
      artifacts: "artifacts",
      nested: "nested runs",
      "system-metrics": "system metrics",
      gpu: "system metrics of a GPU",
    },
  },
  E3: {
    title: "Search of runs",
    claims: {
      grammar: "MLflow's grammar",
      boolean: "OR and parentheses",
      fast: "100,000 runs answer in well under a second",
      keyset: "keyset paging",
    },
  },
  E4: {
    title: "Versions of everything",
    claims: {
      git: "git commit",
      diff: "uncommitted difference",
      data: "data version",
      config: "config",
      lock: "package lock",
      seeds: "seeds",
      hardware: "hardware",
      usage: "CPU-seconds, peak memory and bytes of each attempt",
      drivers: "one panel of the five drivers on every run, version and deployment",
      difference: "their difference between any two",
    },
  },
  E5: {
    title: "Standard evaluation report",
    claims: {
      metrics: "metrics",
      intervals: "with intervals",
      slices: "slices",
      calibration: "calibration",
      confusion: "confusion",
      curves: "curves",
      any: "for any version on any dataset",
    },
  },
  E6: {
    title: "Compare runs",
    claims: {
      table: "tables with differences only",
      curves: "learning curves: smoothing, log axis, min, max, best",
      parallel: "parallel coordinates",
      scatter: "scatter",
      artifacts: "artifacts side by side",
      live: "live",
    },
  },
  E7: {
    title: "Python client",
    claims: {
      frame: "dataset as DataFrame",
      log: "log",
      predict: "predict",
      truth: "post truth",
      notebook: "a rich notebook view with links",
    },
  },
  E8: {
    title: "TypeScript SDK",
    claims: {
      data: "data",
      experiments: "experiments",
      pipelines: "pipelines",
      predict: "predict",
      truth: "post truth",
    },
  },
  E9: {
    title: "Import of runs",
    claims: {
      server: "from an MLflow server",
      mlruns: "from an `mlruns` folder",
      wandb: "from runs that the Weights & Biases client wrote offline",
      models: "logged and registered models, aliases",
      idempotent: "done again, or after it was cut off, nothing is doubled",
    },
  },
  E10: {
    title: "Permanent delete",
    claims: { delete: "permanent delete of runs", gc: "garbage collection of their artifacts" },
  },
};
