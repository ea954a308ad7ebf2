import { describe, expect, it } from "vitest";
import { checkLocalSource, readVersionSource } from "./version-source.ts";

const MODEL = `m-${"a".repeat(32)}`;

describe("sources", () => {
  it.each([
    ["runs:/abc/model", { kind: "own", uri: "runs:/abc/model" }],
    [
      "mlflow-artifacts:/0/abc/artifacts/model",
      { kind: "own", uri: "mlflow-artifacts:/0/abc/artifacts/model" },
    ],
    [
      "https://host/api/2.0/mlflow-artifacts/artifacts/0/abc",
      { kind: "own", uri: "mlflow-artifacts:/0/abc" },
    ],
    ["https://host/models/churn", { kind: "foreign" }],
    ["s3://bucket/models/churn?versionId=3", { kind: "foreign" }],
    [`models:/${MODEL}`, { kind: "logged-model", model: MODEL, uri: `models:/${MODEL}` }],
    ["models:/churn/3", { kind: "version", model: "churn", which: "3", alias: false }],
    ["models:/a b@Best_1", { kind: "version", model: "a b", which: "Best_1", alias: true }],
    ["/data/model", { kind: "local", path: "/data/model" }],
    ["file:///data/model/", { kind: "local", path: "/data/model" }],
    ["file://localhost/data/model", { kind: "local", path: "/data/model" }],
  ])("reads %s", (source, expected) => {
    expect(readVersionSource(source)).toEqual(expected);
  });

  it.each([
    "s3://bucket/a/../b",
    "s3://bucket/%2e%2e/b",
    "s3://bucket/%25252e%25252e/b",
    "runs:/abc/model#x",
    "runs:/abc/./model",
    "runs:/abc\\model",
    "file://elsewhere/data",
    "file:data",
    "models:/",
    "models:/a/b/c",
    "models:/name",
    "mlflow-artifacts:/0/a\nb",
    `s3://b/%${"25".repeat(12)}2e`,
  ])("refuses %j", (source) => {
    expect(() => readVersionSource(source)).toThrow("Invalid model version source");
  });
});

describe("a folder of the client's machine", () => {
  const check = (path: string, root: string | undefined) => () =>
    checkLocalSource(path, { path, root, named: "run_id" });

  it("is what the run says it writes to, or below it", () => {
    expect(check("/data/run/artifacts", "file:///data/run/artifacts")).not.toThrow();
    expect(check("/data/run/artifacts/model", "/data/run/artifacts/")).not.toThrow();
  });

  it.each([
    ["/data/run/artifacts-of-another", "/data/run/artifacts"],
    ["/etc", "/data/run/artifacts"],
    ["/etc", "mlflow-artifacts:/0/run/artifacts"],
    ["/etc", "s3://bucket/run"],
    ["/etc", undefined],
  ])("is not %s beside %s", (path, root) => {
    expect(check(path, root)).toThrow("contained within the artifact directory of the run");
  });
});
