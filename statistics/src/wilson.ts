import { normalQuantile } from "./normal-quantile.ts";

/** A share of `of` trials with its interval. */
export interface ShareEstimate {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/**
 * The interval of a share by Wilson's score (Journal of the American Statistical Association 22, 1927): with p the share
 * and z the normal quantile, (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). It never leaves 0 to 1 and holds for
 * small samples too. NaN without trials.
 */
export function wilson(successes: number, of: number, confidence = 0.95): ShareEstimate {
  const share = successes / of;
  const z = normalQuantile((1 + confidence) / 2);
  const weight = (z * z) / of;
  const centre = (share + weight / 2) / (1 + weight);
  const half = (z * Math.sqrt((share * (1 - share)) / of + weight / (4 * of))) / (1 + weight);
  // At the ends the formula gives 0 and 1 exactly; in floating point it misses them by a rounding.
  const low = successes === 0 ? 0 : centre - half;
  const high = successes === of ? 1 : centre + half;
  return { share, low, high, confidence };
}
