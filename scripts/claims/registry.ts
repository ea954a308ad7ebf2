import type { Capabilities } from "./capability.ts";

export const registryClaims: Capabilities = {
  R1: {
    title: "Registry",
    claims: {
      models: "models and versions",
      aliases: "aliases",
      tags: "tags",
      stages: "registry stages for old clients",
      descriptions: "descriptions and owners",
      comments: "comments",
      card: "model cards made from the record",
    },
  },
  R2: {
    title: "What a version carries",
    claims: {
      signature: "signature",
      example: "input example",
      size: "size",
      digest: "digest",
      framework: "framework",
      environment: "environment",
      onnx: "ONNX",
      ydf: "YDF",
      tensorflowjs: "TensorFlow.js",
      mlflow: "every MLflow flavour through a Python runtime",
    },
  },
  R3: {
    title: "Lineage both ways",
    claims: {
      back: "from prediction to deployment, version, run, code and data",
      forth: "from data to the versions and deployments made from it",
    },
  },
  R4: {
    title: "Gates",
    claims: {
      thresholds: "metric thresholds",
      champion: "champion against challenger on the same unseen rows with an interval",
      behaviour: "behavioural tests",
      slices: "slice floors",
      calibration: "calibration",
      latency: "latency",
      size: "size",
      fairness: "fairness",
      golden: "golden rows come back equal before a version serves",
    },
  },
  R5: {
    title: "Approvals",
    claims: {
      who: "who may",
      "four-eyes": "four eyes",
      digest: "bound to the digest",
      reason: "reason recorded",
      ways: "from UI, CLI, API or Slack",
    },
  },
  R6: {
    title: "Environments",
    claims: { separate: "dev, staging and prod apart", promotion: "promotion between them" },
  },
  R7: {
    title: "Trust in files",
    claims: {
      scan: "pickles and archives are scanned before anything loads them",
      signing: "signing and verification",
    },
  },
  R8: { title: "Webhooks", claims: { webhooks: "signed webhooks", cloudevents: "CloudEvents" } },
  R9: {
    title: "Other registries",
    claims: { vertex: "Vertex AI", sagemaker: "SageMaker", import: "import from them" },
  },
};
