import { expect, it } from "vitest";
import { readVersions } from "./logged-model-view.ts";

it("reads what a client and the server noted of one version as one", () => {
  const noted =
    '[{"name": "churn", "version": 3}, {"name": "churn", "version": "3"}, {"name": "b", "version": "1"}]';
  expect(readVersions(noted)).toEqual([
    { model: "churn", version: 3 },
    { model: "b", version: 1 },
  ]);
});

it("takes a tag that a person wrote for no versions", () => {
  for (const text of [undefined, "", "no JSON", "{}", "[1, null, {}]", '[{"name": 1, "version": "x"}]'])
    expect(readVersions(text)).toEqual([]);
});
