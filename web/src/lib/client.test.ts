import { describe, expect, it } from "vitest";
import { addressOf } from "./client.ts";

const scope = { project: "default", environment: "dev" } as const;

describe("addresses of downloads", () => {
  it("carry path fields in the path, the others and the scope in the query", () => {
    const input = { run: "ab".repeat(16), path: "model/model 1.onnx" };
    expect(addressOf(["experiments", "downloadArtifact"], input, scope)).toBe(
      `/api/experiments/runs/${"ab".repeat(16)}/artifacts/content?project=default&environment=dev&path=model%2Fmodel+1.onnx`,
    );
  });

  it("escape names in the path", () => {
    const input = { model: "churn model", version: 3, path: "m.onnx" };
    expect(addressOf(["registry", "downloadFile"], input, scope)).toContain(
      "/models/churn%20model/versions/3/files?",
    );
  });
});
