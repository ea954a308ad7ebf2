import type { Capabilities } from "./capability.ts";

export const deploymentsClaims: Capabilities = {
  O1: {
    title: "Online predictions",
    claims: {
      "open-inference": "Open Inference Protocol v2 over REST, JSON",
      binary: "Open Inference Protocol v2 over REST, binary tensors",
      grpc: "Open Inference Protocol v2 over gRPC",
      predict: "records by column name",
      invocations: "MLflow `/invocations`",
      containers: "the Vertex and SageMaker container routes",
      openapi: "a typed endpoint with OpenAPI from the signature",
      validation: "a wrong request is answered with field, expected and got",
      keys: "a key for each deployment",
    },
  },
  O2: {
    title: "Rollouts",
    claims: {
      "blue-green": "blue/green",
      canary: "canary with automatic analysis and rollback",
      shadow: "shadow with row-level differences",
      ab: "sticky A/B with exposure log and sample-ratio check",
      bandit: "bandit",
      "no-failures": "no failed or dropped request during any change, under load",
    },
  },
  O3: {
    title: "Serving under load",
    claims: {
      batching: "dynamic batching with no added wait when idle",
      deadlines: "deadlines",
      priorities: "priorities",
      bounded: "bounded queues: 429 or 503 with Retry-After",
      "warm-up": "warm-up on golden samples before ready",
      drain: "graceful drain",
      isolation: "worker isolation and recycling",
      "many-models": "many models in one gateway with measured memory",
    },
  },
  O4: {
    title: "Prediction log",
    claims: {
      "no-wait": "serving never waits for a disk or a server",
      kill: "survives kill -9",
      compaction: "kept as Parquet",
      sampling: "samples and redacts by rule",
      truth: "ground truth joined later by id or key",
      unknown: "truth of an unknown prediction is refused with the record that names it",
      held: "truth of a prediction whose log line is still on its way waits for it",
      bulk: "truth in bulk: JSON lines, CSV, Parquet, a dataset version; all of it or nothing",
      query: "found by time, version, key, id and truth",
      columns: "typed columns per model input, exact",
      retention: "kept as long as asked, by event time",
      traffic: "latency and errors of each deployment over time",
      feedback: "feedback with a review queue",
    },
  },
  O5: { title: "Autoscaling", claims: { workers: "of workers by load", hpa: "on Kubernetes by HPA" } },
  O6: {
    title: "Independence",
    claims: { down: "serving keeps working with control and database down" },
  },
  O7: {
    title: "Batch scoring",
    claims: {
      files: "of files",
      datasets: "of dataset versions",
      resumable: "chunked and resumable",
      scheduled: "scheduled daily",
      monitored: "monitored",
    },
  },
  O8: {
    title: "Edge",
    claims: {
      bundle: "one signed bundle that runs in browser and Node",
      telemetry: "telemetry buffer",
      update: "over-the-air update with rollback",
      c99: "small models as one C99 file",
      parity: "parity proven on golden rows",
    },
  },
  O9: {
    title: "Serverless",
    claims: {
      lambda: "AWS Lambda package under the size limit",
      container: "Cloud Run and Knative container",
      cloudevents: "CloudEvents",
      "cold-start": "parity and cold start measured",
    },
  },
  O10: {
    title: "Containers and Kubernetes",
    claims: {
      image: "OCI image",
      manifests: "Deployment, Service, HPA",
      kserve: "KServe InferenceService",
      seldon: "Seldon Core 2 Model",
    },
  },
  O11: { title: "Explanations", claims: { prediction: "per prediction" } },
  O12: {
    title: "The id in every response",
    claims: {
      id: "a prediction id and the model version in every response",
      lineage: "leads to model version, run and data",
    },
  },
  O13: { title: "Fleet page", claims: { health: "health of every deployment at a glance" } },
  O14: {
    title: "The version as a project of its own",
    claims: { fastapi: "FastAPI", bentoml: "BentoML" },
  },
};
