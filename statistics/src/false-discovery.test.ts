import { expect, it } from "vitest";
import { controlFalseDiscovery } from "./false-discovery.ts";

it("adjusts as scipy.stats.false_discovery_control does", () => {
  // SciPy 1.17.1, method="bh".
  const adjusted = controlFalseDiscovery([0.01, 0.04, 0.03, 0.005, 0.5]);
  const expected = [0.025, 0.05, 0.05, 0.025, 0.5];
  for (const [i, value] of expected.entries()) expect(adjusted[i]).toBeCloseTo(value, 12);
});

it("keeps one value, adjusts none of none, and never passes 1", () => {
  expect(controlFalseDiscovery([0.2])).toEqual([0.2]);
  expect(controlFalseDiscovery([])).toEqual([]);
  expect(controlFalseDiscovery([1, 1, 0.9])).toEqual([1, 1, 1]);
});
