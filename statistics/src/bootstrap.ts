import type { Interval } from "./metrics/define.ts";
import { randomNumbers } from "./random-numbers.ts";

/** Draws that are made altogether: a thousand resamples of up to 20,000 rows, fewer of more. */
const DRAWS = 20_000_000;
const MOST = 1000;
const FEWEST = 200;
/** With more undefined resamples than this (one class missing, say) the interval would be of something else. */
const UNDEFINED = 0.1;

/**
 * Interval of a score by the bootstrap (Efron, Annals of Statistics 7, 1979): rows are drawn with replacement, as many as
 * there are, and the interval holds the middle share of the resamples' scores (percentile method). A seed gives the same
 * interval again. Null for fewer than 2 rows or where resamples leave the score undefined.
 */
export function bootstrapInterval(
  score: (draws: Uint16Array) => number,
  { rows, confidence, seed }: { rows: number; confidence: number; seed: number },
): Interval | null {
  if (rows < 2) return null;
  const resamples = Math.min(MOST, Math.max(FEWEST, Math.floor(DRAWS / rows)));
  const next = randomNumbers(seed);
  const scale = rows / 4_294_967_296;
  const draws = new Uint16Array(rows);
  const found: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    draws.fill(0);
    for (let i = 0; i < rows; i++) {
      const row = Math.floor(next() * scale);
      draws[row] = (draws[row] ?? 0) + 1;
    }
    const value = score(draws);
    if (!Number.isNaN(value)) found.push(value);
  }
  if (found.length < resamples * (1 - UNDEFINED)) return null;
  const sorted = Float64Array.from(found).sort();
  const outside = (1 - confidence) / 2;
  return {
    low: quantile(sorted, outside),
    high: quantile(sorted, 1 - outside),
    method: "bootstrap-percentile",
  };
}

/** Between neighbours in proportion, as NumPy does by default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
