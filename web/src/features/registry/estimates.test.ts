import { describe, expect, it } from "vitest";
import { fixtures } from "../../../testing/fixtures.ts";
import { axisOf, estimatePairs, leadEstimate, sameRows } from "./estimates.ts";

const { modelVersions } = fixtures(new Date("2026-11-21T12:00:00.000Z"));
const [newer, champion] = modelVersions.map(({ report }) => report!);

describe("estimates", () => {
  it("lead with AUC, or with the first metric there is", () => {
    expect(leadEstimate(newer!)?.name).toBe("auc");
    expect(leadEstimate({ ...newer!, metrics: newer!.metrics.slice(1, 2) })?.name).toBe("accuracy");
    expect(leadEstimate(null)).toBeUndefined();
  });

  it("count a smaller loss as a gain", () => {
    const loss = estimatePairs(newer!, champion!).find(({ name }) => name === "log_loss");
    expect(loss?.lowerIsBetter).toBe(true);
    expect(loss?.gain).toBeGreaterThan(0);
  });

  it("stand on an axis that holds both intervals", () => {
    for (const pair of estimatePairs(newer!, champion!)) {
      const { low, high } = axisOf(pair);
      for (const estimate of [pair.version, pair.champion!]) {
        expect(estimate.low ?? estimate.value).toBeGreaterThan(low);
        expect(estimate.high ?? estimate.value).toBeLessThan(high);
      }
    }
  });

  it("are compared only where both saw the same rows", () => {
    expect(sameRows(newer!, champion!)).toBe(true);
    expect(sameRows(newer!, { ...champion!, dataset: "0".repeat(64) })).toBe(false);
    expect(sameRows(newer!, null)).toBe(false);
  });
});
