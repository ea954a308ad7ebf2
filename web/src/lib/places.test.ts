import { describe, expect, it } from "vitest";
import { address, inEnvironment, placeOfSubject, places, titleOfSubject } from "./places.ts";
import { environmentOf, projectOf, type Scope } from "./scope.ts";

const prod: Scope = { project: "default", environment: "prod" };
const shop: Scope = { project: "shop", environment: "dev" };
const digest = "9f31c2".padEnd(64, "0");

describe("addresses", () => {
  it.each([
    [places.home(prod), "/prod"],
    [places.stage(shop, "data"), "/shop/dev/data"],
    [places.datasetVersion(prod, { dataset: "customers", id: digest }), "/prod/data/customers/9f31c2000000"],
    [
      places.pipelineRun(prod, { pipeline: "hotel", number: 41 }, { step: "train/wide" }),
      "/prod/pipelines/hotel/41?step=train/wide",
    ],
    [
      places.compare(prod, ["7f02".repeat(8), "7f03".repeat(8)]),
      "/prod/experiments/compare?runs=7f027f027f02,7f037f037f03",
    ],
    [
      places.experiment(prod, { id: "4", name: "Kịch bản 1" }),
      "/prod/experiments/K%E1%BB%8Bch%20b%E1%BA%A3n%201",
    ],
    [places.experiment(prod, { id: "4", name: "compare" }), "/prod/experiments/4"],
    [places.go(prod, "a/b"), "/go/a%2Fb"],
    [places.settings(shop, "tokens"), "/shop/settings/tokens"],
    [address(prod, ["x"], { a: "", b: undefined, c: 1 }), "/prod/x?c=1"],
  ])("%s is written as %s", (written, expected) => {
    expect(written).toBe(expected);
  });

  it("names the project only where it is not the default one", () => {
    expect(projectOf("/prod/data")).toBe("default");
    expect(projectOf("/shop/prod/data")).toBe("shop");
    expect(projectOf("/settings/tokens")).toBe("default");
    expect(environmentOf("/shop/prod/data")).toBe("prod");
    expect(environmentOf("/settings/tokens")).toBeUndefined();
  });

  it("keeps the thing when the environment changes, and falls back to the list of what lives in one only", () => {
    expect(inEnvironment(prod, "/prod/data/customers/9f31c2", "dev")).toBe("/dev/data/customers/9f31c2");
    expect(inEnvironment(prod, "/prod/deployments/churn", "dev")).toBe("/dev/deployments");
    expect(inEnvironment(shop, "/shop/dev/registry/churn/3", "prod")).toBe("/shop/prod/registry/churn/3");
  });
});

describe("subjects", () => {
  it.each([
    [
      `/api/data/datasets/customers/versions/${digest}`,
      "/prod/data/customers/9f31c2000000",
      "customers 9f31c2",
    ],
    ["/api/pipelines/pipelines/churn/runs/8", "/prod/pipelines/churn/8", "churn 8"],
    ["/api/registry/models/churn/versions/3", "/prod/registry/churn/3", "churn v3"],
    ["/api/registry/models/churn/aliases/champion", "/prod/registry/churn", "churn@champion"],
    ["/api/deployments/deployments/churn", "/prod/deployments/churn", "churn"],
    ["/api/monitoring/monitors/churn", "/prod/monitoring/churn", "churn"],
    [
      "/api/monitoring/monitors/churn/windows/2017-07-01T00:00:00.000Z",
      "/prod/monitoring/churn?window=2017-07-01T00%3A00%3A00.000Z",
      "churn",
    ],
    [
      "/api/monitoring/alerts/0198f3c2-0000-7000-8000-0000000000aa",
      "/prod/monitoring/alerts/0198f3c2-0000-7000-8000-0000000000aa",
      "…0000aa",
    ],
    ["/api/retraining/policies/churn", "/prod/retraining/churn", "churn"],
    ["/api/retraining/policies/churn/cycles/3", "/prod/retraining/churn/3", "churn 3"],
    [`/api/experiments/runs/${"ab".repeat(16)}`, `/go/${"ab".repeat(16)}`, "ababab"],
  ])("%s opens %s and is called %s", (subject, place, title) => {
    expect(placeOfSubject(prod, subject)).toBe(place);
    expect(titleOfSubject(subject)).toBe(title);
  });

  it("has no page for what is no thing of ours", () => {
    expect(placeOfSubject(prod, "/api/platform/tokens/1")).toBeUndefined();
    expect(placeOfSubject(prod, "code")).toBeUndefined();
  });
});
