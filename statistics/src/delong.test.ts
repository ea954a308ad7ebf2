import { expect, it } from "vitest";
import { delong } from "./delong.ts";

// Expected values: NumPy 2.4.6 by the definition over all pairs (placement values of DeLong et al. 1988) and
// scipy.stats.norm of SciPy 1.17.1 for the logit interval; the AUC also by sklearn.metrics.roc_auc_score.
it("equals the definition over all pairs on twelve rows with ties", () => {
  const estimate = delong({
    truth: Uint8Array.of(1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1),
    scores: Float64Array.of(0.9, 0.8, 0.7, 0.7, 0.7, 0.4, 0.4, 0.35, 0.3, 0.2, 0.1, 0.6),
  });
  expect(estimate.auc).toBeCloseTo(0.6805555555555556, 14);
  expect(estimate.variance).toBeCloseTo(0.028626543209876544, 14);
  expect(estimate.low).toBeCloseTo(0.31668716230472604, 12);
  expect(estimate.high).toBeCloseTo(0.9073492624337128, 12);
});

it("equals the definition over all pairs on 2,000 rows with many ties", () => {
  const rows = Array.from({ length: 2000 }, (_, i) => i);
  const scores = Float64Array.from(rows, (i) => ((i * 7919 + 13) % 1009) / 1009);
  const truth = Uint8Array.from(rows, (i) =>
    ((i * 104_729 + 7) % 997) / 997 < 0.2 + 0.5 * (scores[i] ?? 0) ? 1 : 0,
  );
  const estimate = delong({ truth, scores });
  expect(estimate.auc).toBeCloseTo(0.6715939393939394, 13);
  expect(estimate.variance).toBeCloseTo(0.00014426481581231903, 15);
  expect(estimate.low).toBeCloseTo(0.6476367134054135, 12);
  expect(estimate.high).toBeCloseTo(0.6946901875390811, 12);
});

it("gives no interval where the classes are separated perfectly", () => {
  const estimate = delong({ truth: Uint8Array.of(0, 0, 1, 1), scores: Float64Array.of(0.1, 0.2, 0.8, 0.9) });
  expect(estimate).toMatchObject({ auc: 1, variance: 0, low: null, high: null });
});

it("gives no interval for one positive row, and no AUC for none", () => {
  expect(delong({ truth: Uint8Array.of(0, 1, 0), scores: Float64Array.of(0.1, 0.2, 0.8) })).toMatchObject({
    auc: 0.5,
    low: null,
    high: null,
  });
  expect(delong({ truth: Uint8Array.of(0, 0), scores: Float64Array.of(0.1, 0.2) }).auc).toBeNaN();
});

it("widens with the confidence", () => {
  const input = { truth: Uint8Array.of(0, 1, 0, 1, 1, 0), scores: Float64Array.of(1, 2, 3, 4, 5, 2) };
  const narrow = delong(input, 0.8);
  const wide = delong(input, 0.99);
  expect(wide.low ?? 0).toBeLessThan(narrow.low ?? 0);
  expect(wide.high ?? 0).toBeGreaterThan(narrow.high ?? 1);
});
