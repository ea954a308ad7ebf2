import { logFactorial } from "./log-gamma.ts";

/**
 * Chance that two samples of `a` and `b` rows from one continuous distribution lie at least `distance` apart
 * (Kolmogorov-Smirnov, two-sided), exactly: all orders of the rows together are equally likely, and each is a path from
 * (0, 0) to (a, b); counted are those that leave the band |i/a - j/b| < distance (Hodges, Arkiv för Matematik 3, 1958).
 * Chances are summed where a path first leaves, so that a small tail keeps its digits. Ties make the result too large,
 * never too small. Time: the rows of `a` times the width of the band.
 */
export function smirnovTail(distance: number, { a, b }: { a: number; b: number }): number {
  // In whole numbers, |i b - j a| >= reach leaves the band; the distance is a multiple of 1 / (a b) up to rounding.
  const reach = Math.ceil(distance * a * b - 1e-7 * Math.max(1, distance * a * b * 1e-3));
  if (reach <= 0) return 1;
  // inside[j] = chance that a path of i steps in a and j in b has not left the band before; column by column in i.
  const inside = new Float64Array(b + 1);
  let left = 0;
  let first = 0;
  let last = -1;
  for (let i = 0; i <= a; i++) {
    const lowest = Math.max(0, Math.floor((i * b - reach) / a) + 1);
    const highest = Math.min(b, Math.ceil((i * b + reach) / a) - 1);
    // With i of a and j of b used up, `rest` rows are left and the next is one of a with the chance (a - i) / rest.
    const rest = a + b - i;
    // Cells of the column before that the band has left behind: their paths step out by moving in a.
    if (i > 0) {
      for (let j = first; j < lowest && j <= last; j++) {
        left += ((inside[j] ?? 0) * (a - i + 1)) / (rest + 1 - j);
        inside[j] = 0;
      }
    }
    let below = 0;
    for (let j = lowest; j <= highest; j++) {
      let chance = i === 0 && j === 0 ? 1 : 0;
      if (i > 0 && j <= last) chance += ((inside[j] ?? 0) * (a - i + 1)) / (rest + 1 - j);
      if (j > lowest) chance += (below * (b - j + 1)) / (rest - j + 1);
      inside[j] = chance;
      below = chance;
    }
    if (highest < b) left += (below * (b - highest)) / (rest - highest);
    first = lowest;
    last = highest;
  }
  return Math.min(1, left);
}

/**
 * Chance that a sample of `n` rows lies at least `distance` from the distribution it comes from, on either side
 * (Kolmogorov). In the tail twice the one-sided chance, exact by Smirnov's sum (Birnbaum and Tingey, Annals of
 * Mathematical Statistics 22, 1951): paths that leave on both sides weigh below exp(-8 n distance²). Elsewhere the series
 * of Pelz and Good (Journal of the Royal Statistical Society B 38, 1976), whose error is of the order n^-2.
 */
export function kolmogorovTail(distance: number, n: number): number {
  if (!(distance > 0.5 / n)) return 1;
  if (distance >= 1) return 0;
  const square = n * distance * distance;
  if (square > 2.2) return Math.min(1, 2 * oneSided(distance, n));
  return Math.min(1, Math.max(0, 1 - pelzGood(Math.sqrt(square), n)));
}

/** Beyond so many rows the sum of Smirnov has too many terms and its asymptotic form has enough digits. */
const SUMMED = 2000;

function oneSided(distance: number, n: number): number {
  if (n > SUMMED) {
    // Maag and Dicaire (Biometrika 58, 1971) with a term of the order 1/n: relative error about 1e-5 from 2,000 rows on.
    const square = n * distance * distance;
    const next = (4 / 9) * (square * square - square);
    return Math.exp(-((6 * n * distance + 1) ** 2) / (18 * n)) / (1 + next / n);
  }
  let sum = 0;
  const most = Math.floor(n * (1 - distance));
  for (let j = 0; j <= most; j++) {
    const share = distance + j / n;
    const rest = 1 - share;
    const logRest = j === n ? 0 : (n - j) * Math.log(Math.max(rest, 0));
    const chosen = logFactorial(n) - logFactorial(j) - logFactorial(n - j);
    sum += Math.exp(chosen + (j - 1) * Math.log(share) + logRest);
  }
  return distance * sum;
}

/** The distribution function of Kolmogorov's statistic at z = sqrt(n) distance, three correction terms. */
function pelzGood(z: number, n: number): number {
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const pi2 = Math.PI ** 2;
  let k0 = 0;
  let k1 = 0;
  let k2 = 0;
  let k2b = 0;
  let k3 = 0;
  let k3b = 0;
  for (let k = 0; k < 20; k++) {
    const half = k + 0.5;
    const h2 = half * half;
    const wave = Math.exp((-pi2 * h2) / (2 * z2));
    k0 += wave;
    k1 += (pi2 * h2 - z2) * wave;
    k2 += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * h2 + pi2 ** 2 * (1 - 2 * z2) * h2 * h2) * wave;
    k3 +=
      (-30 * z6 -
        90 * z6 * z2 +
        pi2 * (135 * z4 - 96 * z6) * h2 +
        pi2 ** 2 * (212 * z4 - 60 * z2) * h2 * h2 +
        pi2 ** 3 * h2 ** 3 * (5 - 30 * z2)) *
      wave;
    if (k > 0) {
      const whole = Math.exp((-pi2 * k * k) / (2 * z2));
      k2b += pi2 * k * k * whole;
      k3b += (3 * pi2 * k * k * z2 - pi2 ** 2 * k ** 4) * whole;
    }
  }
  const root = Math.sqrt(2 * Math.PI);
  const half = Math.sqrt(Math.PI / 2);
  return (
    (root / z) * k0 +
    (root * k1) / (6 * z4 * Math.sqrt(n)) +
    ((half * k2) / (36 * z6 * z) - (half * k2b) / (18 * z2 * z)) / n +
    ((half * k3) / (3240 * z6 * z4) + (half * k3b) / (108 * z6)) / n ** 1.5
  );
}
