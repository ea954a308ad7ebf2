import { expect, it } from "vitest";
import { calibrationBins } from "./calibration-bins.ts";

it("gives mean score and share of positives by bin", () => {
  // sklearn.calibration.calibration_curve(n_bins=5), scikit-learn 1.9.1
  const bins = calibrationBins(
    {
      truth: Uint8Array.of(1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1),
      scores: Float64Array.of(0.9, 0.81, 0.7, 0.7, 0.7, 0.45, 0.45, 0.35, 0.3, 0.21, 0.1, 0.65),
    },
    5,
  );
  const expected = [
    { predicted: 0.1, observed: 0, rows: 1 },
    { predicted: 0.2866666666666667, observed: 1 / 3, rows: 3 },
    { predicted: 0.45, observed: 0.5, rows: 2 },
    { predicted: 0.6875, observed: 0.75, rows: 4 },
    { predicted: 0.855, observed: 0.5, rows: 2 },
  ];
  expect(bins).toHaveLength(expected.length);
  for (const [bin, { predicted, observed, rows }] of expected.entries()) {
    expect(bins[bin]?.predicted).toBeCloseTo(predicted, 12);
    expect(bins[bin]?.observed).toBeCloseTo(observed, 12);
    expect(bins[bin]?.rows).toBe(rows);
  }
});

it("puts 1 into the last bin and leaves empty bins out", () => {
  expect(calibrationBins({ truth: Uint8Array.of(1), scores: Float64Array.of(1) })).toEqual([
    { predicted: 1, observed: 1, rows: 1 },
  ]);
});
