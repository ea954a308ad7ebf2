import { describe, expect, it } from "vitest";
import type { Judged, Metric, MetricInputs } from "./define.ts";
import { METRICS } from "./index.ts";

/** A repeatable sequence of numbers from 0 to 1 (linear congruential, Numerical Recipes constants). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

type Cases = { [Kind in Judged]: (rows: number, perfect: boolean) => MetricInputs[Kind] };

const inputs: Cases = {
  scores(rows, perfect) {
    const next = sequence(1);
    const truth = Uint8Array.from({ length: rows }, (_, row) => row % 2);
    return { truth, scores: Float64Array.from(truth, (label) => (perfect ? label : next())) };
  },
  labels(rows, perfect) {
    const next = sequence(2);
    const truth = Int32Array.from({ length: rows }, (_, row) => row % 3);
    const predicted = truth.map((label) => (perfect ? label : Math.floor(next() * 3)));
    return { truth, predicted, classes: 3, positive: null };
  },
  probabilities(rows, perfect) {
    const next = sequence(3);
    const truth = Int32Array.from({ length: rows }, (_, row) => row % 2);
    const probabilities = Float64Array.from(
      [...truth].flatMap((label) => {
        const p = perfect ? label : next();
        return [1 - p, p];
      }),
    );
    return { truth, probabilities, classes: 2 };
  },
  amounts(rows, perfect) {
    const next = sequence(4);
    const truth = Float64Array.from({ length: rows }, () => next() * 10);
    return { truth, predicted: truth.map((value) => (perfect ? value : next() * 10)) };
  },
};

/** The same rows in the opposite order. */
const reversed: { [Kind in Judged]: (input: MetricInputs[Kind]) => MetricInputs[Kind] } = {
  scores: ({ truth, scores }) => ({ truth: truth.toReversed(), scores: scores.toReversed() }),
  labels: (input) => ({
    ...input,
    truth: input.truth.toReversed(),
    predicted: input.predicted.toReversed(),
  }),
  probabilities: ({ truth, probabilities, classes }) => ({
    truth: truth.toReversed(),
    probabilities: Float64Array.from(
      [...truth.keys()]
        .reverse()
        .flatMap((row) => [...probabilities.slice(row * classes, (row + 1) * classes)]),
    ),
    classes,
  }),
  amounts: ({ truth, predicted }) => ({ truth: truth.toReversed(), predicted: predicted.toReversed() }),
};

function conform<Kind extends Judged>(kind: Kind, metric: Metric<Kind>): void {
  describe(metric.name, () => {
    const [least, greatest] = metric.range;

    it("is best for perfect predictions", () => {
      const best = metric.better === "higher" ? greatest : least;
      expect(metric.score(inputs[kind](60, true))).toBeCloseTo(best, 12);
    });

    it("stays in its range, and away from the best, for random predictions", () => {
      const score = metric.score(inputs[kind](60, false));
      expect(score).toBeGreaterThan(least);
      expect(score).toBeLessThan(greatest);
    });

    it("does not depend on the order of rows", () => {
      const input = inputs[kind](60, false);
      expect(metric.score(reversed[kind](input))).toBeCloseTo(metric.score(input), 12);
    });

    it("has an interval and a paired difference: in closed form, or by resamples", () => {
      const input = inputs[kind](60, false);
      expect(metric.resample ?? metric.interval?.(input, 0.9)).toBeTruthy();
      const paired = { champion: input, challenger: inputs[kind](60, true) };
      expect(metric.resample ?? metric.difference?.(paired, 0.9)).toBeTruthy();
    });

    it("gives the rows drawn once each the score of the rows, and twice each the same", () => {
      const input = inputs[kind](60, false);
      const score = metric.resample?.(input);
      for (const times of score ? [1, 2] : []) {
        expect(score?.(new Uint16Array(60).fill(times))).toBeCloseTo(metric.score(input), 12);
      }
    });

    it("is undefined without rows", () => {
      expect(metric.score(inputs[kind](0, true))).toBeNaN();
    });

    it("says what it judges and is named in kebab case", () => {
      expect(metric.judges).toBe(kind);
      expect(metric.name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    });
  });
}

for (const metric of METRICS.scores) conform("scores", metric);
for (const metric of METRICS.labels) conform("labels", metric);
for (const metric of METRICS.probabilities) conform("probabilities", metric);
for (const metric of METRICS.amounts) conform("amounts", metric);

it("has no two metrics of one name", () => {
  const names = Object.values(METRICS)
    .flat()
    .map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
