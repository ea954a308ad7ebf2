/** Count, mean, sum of squared distances from the mean, and ends of numbers; all 0 without any. */
export interface Moments {
  readonly rows: number;
  readonly mean: number;
  readonly m2: number;
  readonly min: number;
  readonly max: number;
}

export const NO_MOMENTS: Moments = { rows: 0, mean: 0, m2: 0, min: 0, max: 0 };

/** Moments of finite numbers in two passes: the mean first, so that large offsets lose no digits. */
export function momentsOf(values: Float64Array): Moments {
  if (values.length === 0) return NO_MOMENTS;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // The mean of equal values is that value, whatever the sum was rounded to.
  const mean = min === max ? min : sum / values.length;
  let m2 = 0;
  for (const value of values) m2 += (value - mean) ** 2;
  return { rows: values.length, mean, m2, min, max };
}

/**
 * Moments of both parts together, by the parallel formula of Chan, Golub and LeVeque (Updating Formulae and a Pairwise
 * Algorithm for Computing Sample Variances, 1979).
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.rows === 0) return pick(b);
  if (b.rows === 0) return pick(a);
  const rows = a.rows + b.rows;
  const apart = b.mean - a.mean;
  return {
    rows,
    mean: a.mean + (apart * b.rows) / rows,
    m2: a.m2 + b.m2 + (apart * apart * a.rows * b.rows) / rows,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

function pick({ rows, mean, m2, min, max }: Moments): Moments {
  return { rows, mean, m2, min, max };
}
