import { logGamma } from "./log-gamma.ts";

const ROUNDS = 10_000;

/**
 * The regularised upper incomplete gamma function Q(a, x): by its series below a + 1, by Lentz's continued fraction above
 * (Numerical Recipes, 6.2), so that small tails keep their digits.
 */
export function upperGamma(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - front * series(a, x) : front * fraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < ROUNDS && term > sum * Number.EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i < ROUNDS; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = numerator * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < Number.EPSILON) break;
  }
  return value;
}

/** Chance that a chi-squared variable exceeds `x`. */
export function chiSquareTail(x: number, degrees: number): number {
  return upperGamma(degrees / 2, x / 2);
}

/** Chance that a standard normal variable lies at least as far from 0 as `z`, on either side. */
export function normalTails(z: number): number {
  return upperGamma(0.5, (z * z) / 2);
}
