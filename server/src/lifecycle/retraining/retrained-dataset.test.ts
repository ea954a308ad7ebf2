import type { Pipeline } from "@causeway/contract";
import { expect, it } from "vitest";
import { retrainedDataset } from "./retrained-dataset.ts";

const pipeline = (datasetParams: string[], defaults: Record<string, string> = {}) => {
  const properties = Object.fromEntries(
    datasetParams.map((param) => [
      param,
      { type: "string", ...(defaults[param] && { default: defaults[param] }) },
    ]),
  );
  // Only what the rule reads.
  const latest = {
    definition: { datasetParams, paramsSchema: { properties } },
  } as unknown as Pipeline["latest"];
  return { name: "churn", latest };
};

it("finds the only dataset param and the dataset that it means", () => {
  expect(retrainedDataset(pipeline(["rows"], { rows: "customers@latest" }), { params: {} })).toEqual({
    param: "rows",
    dataset: "customers",
    version: "latest",
  });
  const pinned = retrainedDataset(pipeline(["rows"]), { params: { rows: "customers@9f31c2" } });
  expect(pinned).toEqual({ param: "rows", dataset: "customers", version: "9f31c2" });
});

it.each([
  ["no dataset param", pipeline([]), {}, "settings.retrain"],
  ["more than one", pipeline(["a", "b"]), {}, "settings.param"],
  ["one of another name", pipeline(["a"]), { param: "b" }, "settings.param"],
  ["one without a dataset", pipeline(["a"]), {}, "settings.params.a"],
])("refuses a pipeline with %s and names the field", (_, given, settings, field) => {
  expect(() => retrainedDataset(given, { params: {}, ...settings })).toThrow(
    expect.objectContaining({ code: "INVALID_FIELD", field, help: expect.any(String) }),
  );
});
