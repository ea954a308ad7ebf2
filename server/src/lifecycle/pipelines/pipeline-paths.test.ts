import { Name } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { outputDataset, outputPath, parseDatasetPath } from "./pipeline-paths.ts";

describe("paths", () => {
  it("names what a step made", () => {
    expect(outputPath({ pipeline: "churn", run: 3, step: "train" }, "model")).toBe(
      "/api/pipelines/pipelines/churn/runs/3/steps/train/outputs/model",
    );
  });

  it("reads a dataset version back from its path", () => {
    const version = "a".repeat(64);
    expect(parseDatasetPath(`/api/data/datasets/churn.split.train/versions/${version}`)).toEqual({
      dataset: "churn.split.train",
      version,
    });
    expect(parseDatasetPath("/api/registry/models/churn/versions/1")).toBeUndefined();
  });

  it.each([
    [["churn", "split", "train"] as const, "churn.split.train"],
    [["churn", "trainTestSplit", "leftHalf"] as const, "churn.traintestsplit.lefthalf"],
  ])("a dataset of %j is named %s", (parts, name) => {
    expect(outputDataset(parts, "0".repeat(64))).toBe(name);
  });

  it("cuts a long name and keeps two apart", () => {
    const long = "x".repeat(60);
    const one = outputDataset([long, "step", "rows"], "1".repeat(64));
    expect(Name.safeParse(one).success).toBe(true);
    expect(outputDataset([long, "step", "rows"], "2".repeat(64))).not.toBe(one);
  });
});
