/** Count, mean and spread of the finite numbers of a column, built up value by value or merged from parts. */
export interface Moments {
  finite: number;
  mean: number;
  /** Sum of squared differences from the mean. */
  m2: number;
  min: number;
  max: number;
}

/** The moments of no values. */
export function createMoments(): Moments {
  return { finite: 0, mean: 0, m2: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
}

/** Adds a block of numbers; NaN and the infinities are left out. Two passes over the block, then one merge. */
export function addNumbers(moments: Moments, numbers: Float64Array, length: number): void {
  let finite = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < length; at++) {
    const value = numbers[at] as number; // inside the block
    if (!(value - value === 0)) continue;
    finite++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (finite === 0) return;
  const mean = sum / finite;
  let m2 = 0;
  for (let at = 0; at < length; at++) {
    const value = numbers[at] as number; // inside the block
    if (value - value === 0) m2 += (value - mean) * (value - mean);
  }
  mergeMoments(moments, { finite, mean, m2, min, max });
}

/**
 * Adds the moments of other values. Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
 * sample variances", 1979.
 */
export function mergeMoments(into: Moments, other: Moments): void {
  if (other.finite === 0) return;
  const finite = into.finite + other.finite;
  const delta = other.mean - into.mean;
  into.mean += (delta * other.finite) / finite;
  into.m2 += other.m2 + (delta * delta * into.finite * other.finite) / finite;
  into.finite = finite;
  into.min = Math.min(into.min, other.min);
  into.max = Math.max(into.max, other.max);
}
