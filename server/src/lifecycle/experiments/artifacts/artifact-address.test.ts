import { expect, it } from "vitest";
import { fileSubject, ownerKey, placeOfProxyPath, placeOfUri } from "./artifact-address.ts";

const run = "0123456789abcdef0123456789abcdef";
const model = `m-${run}`;
const trace = `tr-${run}`;

it.each([
  [`3/${run}/artifacts/model/MLmodel`, { kind: "run", id: run }, "model/MLmodel"],
  [`3/${run}/artifacts`, { kind: "run", id: run }, ""],
  [`team/churn/${run}/artifacts/a`, { kind: "run", id: run }, "a"],
  [`3/models/${model}/artifacts/MLmodel`, { kind: "model", id: model }, "MLmodel"],
  [`3/traces/${trace}/artifacts/traces.json`, { kind: "trace", id: trace }, "traces.json"],
  [`3/${run}/artifacts/x/${run}/artifacts/y`, { kind: "run", id: run }, `x/${run}/artifacts/y`],
  ["a.txt", { kind: "project" }, "a.txt"],
  [`3/${run}/other/a.txt`, { kind: "project" }, `3/${run}/other/a.txt`],
  [`3/${model}/artifacts/a`, { kind: "project" }, `3/${model}/artifacts/a`],
  ["", { kind: "project" }, ""],
])("reads the path %s of the proxy", (path, owner, inner) => {
  expect(placeOfProxyPath(path)).toEqual({ owner, path: inner });
});

it.each([
  [`mlflow-artifacts:/3/${run}/artifacts/model`, { kind: "run", id: run }, "model"],
  [`mlflow-artifacts://host:5000/3/${run}/artifacts/model/`, { kind: "run", id: run }, "model"],
  [`runs:/${run}/model`, { kind: "run", id: run }, "model"],
  [`models:/${model}`, { kind: "model", id: model }, ""],
])("reads the address %s", (uri, owner, path) => {
  expect(placeOfUri(uri)).toEqual({ owner, path });
});

it.each([
  "s3://bucket/models",
  "file:///etc",
  "/etc/passwd",
  "models:/churn/3",
  "models:/churn@champion",
  "runs:/short/model",
  `mlflow-artifacts:/3/${run}/artifacts?/../../etc`,
  `runs:/${run}/model#/../..`,
  "http://localhost/api/2.0/mlflow-artifacts/artifacts/a",
])("leaves %s to others", (uri) => {
  expect(placeOfUri(uri)).toBeUndefined();
});

it("names the rows and the need of each file", () => {
  expect(ownerKey({ kind: "project" }, "telco")).toBe("project:telco");
  expect(ownerKey({ kind: "run", id: run }, "telco")).toBe(run);
  expect(fileSubject({ kind: "run", id: run }, "a/b")).toBe(`/api/experiments/runs/${run}/artifacts/a/b`);
  expect(fileSubject({ kind: "project" }, "a")).toBe("/api/experiments/artifacts/a");
});
