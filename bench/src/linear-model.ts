import type { DesiredDeployment } from "@causeway/contract";
import { onnxModel } from "../../gateway/testing/onnx-bytes.ts";

const COLUMNS = 10;

/** The model that every server of the benchmark answers by: a logistic regression of ten columns, scores as a tensor. */
export const linearModel = onnxModel({
  nodes: [
    {
      op: "LinearClassifier",
      domain: "ai.onnx.ml",
      inputs: ["x"],
      outputs: ["label", "scores"],
      attributes: {
        classlabels_strings: ["No", "Yes"],
        coefficients: [...weights().map((weight) => -weight), ...weights()],
        intercepts: [0, 0],
        post_transform: "LOGISTIC",
      },
    },
  ],
  inputs: [{ name: "x", element: "float", shape: [null, COLUMNS] }],
  outputs: [
    { name: "label", element: "string", shape: [null] },
    { name: "scores", element: "float", shape: [null, 2] },
  ],
});

export const columns = Array.from({ length: COLUMNS }, (_, index) => `feature_${index}`);

export const linearSignature: DesiredDeployment["signature"] = {
  task: "classification",
  target: "churn",
  classes: ["No", "Yes"],
  inputs: columns.map((name) => ({ name, type: "double", nullable: false, categories: null, range: null })),
};

/** One row as callers send it. */
export const row = JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, index / 8])));

function weights(): number[] {
  return Array.from({ length: COLUMNS }, (_, index) => (index % 3) / 4 - 0.2);
}
