import { expect, it } from "vitest";
import { experimentArtifactUri, modelArtifactUri, runArtifactUri } from "./artifact-uri.ts";

it("puts files of an experiment into the server's own store unless it has a place of its own", () => {
  const own = { number: 3, location: null };
  expect(experimentArtifactUri(own)).toBe("mlflow-artifacts:/3");
  expect(runArtifactUri(own, "r")).toBe("mlflow-artifacts:/3/r/artifacts");
  expect(modelArtifactUri(own, "m-1")).toBe("mlflow-artifacts:/3/models/m-1/artifacts");
});

it("keeps a foreign place as given, its query at the end", () => {
  const at = (location: string) => runArtifactUri({ number: 3, location }, "r");
  expect(at("s3://bucket/path/")).toBe("s3://bucket/path/r/artifacts");
  expect(at("hdfs://host/path?user=ann")).toBe("hdfs://host/path/r/artifacts?user=ann");
});
