import { kolmogorovTail, smirnovTail } from "../distributions/smirnov.ts";
import { defineDriftTest } from "./define.ts";
import { distributionGap } from "./distribution-gap.ts";

/** Paths are counted one by one while the band that they may not leave has at most so many cells: under a millisecond. */
const COUNTED_CELLS = 250_000;

/**
 * Two-sample Kolmogorov-Smirnov test, two-sided: the greatest distance of the two distribution functions. Its p is exact
 * while that is cheap, else asymptotic at n = round(r c / (r + c)) rows. Ties and bins make p too large, never too small.
 */
export const ks = defineDriftTest({
  name: "ks",
  columnKinds: ["numeric"],
  limit: 0.05,
  driftsWhen: "p-at-most",
  exactFrom: "values",
  score(pair) {
    const { reference, current } = pair;
    if (pair.kind !== "numeric" || reference.rows === 0 || current.rows === 0) return null;
    const { distance, errorBound } = distributionGap(pair.reference, pair.current);
    const pValue = smirnovP(distance, { a: reference.rows, b: current.rows });
    return errorBound > 0
      ? { score: distance, pValue, exactness: "sketched", errorBound }
      : { score: distance, pValue, exactness: "exact", errorBound: null };
  },
});

function smirnovP(distance: number, { a, b }: { a: number; b: number }): number {
  const cells = a * b * Math.min(1, 2 * distance);
  if (cells <= COUNTED_CELLS) return smirnovTail(distance, { a: Math.min(a, b), b: Math.max(a, b) });
  return kolmogorovTail(distance, Math.round((a * b) / (a + b)));
}
