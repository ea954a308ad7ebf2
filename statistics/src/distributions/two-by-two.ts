import { logFactorial } from "./log-gamma.ts";

/** Probabilities that differ by rounding alone count as equal, as in R's fisher.test. */
const EQUAL = 1 + 1e-7;

/** How often something occurred among how many rows, on two sides. */
export interface TwoShares {
  readonly reference: { readonly hits: number; readonly rows: number };
  readonly current: { readonly hits: number; readonly rows: number };
}

/**
 * Fisher's exact test of two shares (Statistical Methods for Research Workers, 1934), two-sided: the chance, with the
 * margins given, of a table that is no likelier than the one seen. 1 where a side has no rows. It walks outwards from both
 * ends of what is as unlikely until the terms vanish, so that a million rows cost some hundred steps.
 */
export function fisherExact({ reference, current }: TwoShares): number {
  const hits = reference.hits + current.hits;
  const rows = reference.rows + current.rows;
  const least = Math.max(0, hits - reference.rows);
  const most = Math.min(hits, current.rows);
  if (least === most) return 1;
  const table = { hits, rows, drawn: current.rows };
  const seen = current.hits;
  const limit = Math.exp(logChance(table, seen)) * EQUAL;
  // A neighbour of the mode can be as likely as it, so the searches begin one beyond.
  const mode = Math.floor(((hits + 1) * (current.rows + 1)) / (rows + 2));
  const low = seen <= mode ? seen : lastUnlikely(table, { from: least - 1, to: mode + 1, limit });
  const high = seen >= mode ? seen : firstUnlikely(table, { from: mode - 1, to: most + 1, limit });
  const p =
    tail(table, { start: low, end: least, step: -1 }) + tail(table, { start: high, end: most, step: 1 });
  // Where the table seen is the likeliest, both walks began at it.
  return Math.min(1, p);
}

/** `drawn` of `rows` rows, of which `hits` are hits. */
interface Margins {
  readonly hits: number;
  readonly rows: number;
  readonly drawn: number;
}

/** Log of the hypergeometric chance of `x` hits among those drawn. */
function logChance({ hits, rows, drawn }: Margins, x: number): number {
  return logChoose(hits, x) + logChoose(rows - hits, drawn - x) - logChoose(rows, drawn);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** The greatest count between `from` and `to` whose chance is at most `limit`; chances rise there. */
function lastUnlikely(
  table: Margins,
  { from, to, limit }: { from: number; to: number; limit: number },
): number {
  let unlikely = from;
  let likely = to;
  while (likely - unlikely > 1) {
    const middle = Math.floor((unlikely + likely) / 2);
    if (Math.exp(logChance(table, middle)) <= limit) unlikely = middle;
    else likely = middle;
  }
  return unlikely;
}

/** The least count between `from` and `to` whose chance is at most `limit`; chances fall there. */
function firstUnlikely(
  table: Margins,
  { from, to, limit }: { from: number; to: number; limit: number },
): number {
  let likely = from;
  let unlikely = to;
  while (unlikely - likely > 1) {
    const middle = Math.floor((unlikely + likely) / 2);
    if (Math.exp(logChance(table, middle)) <= limit) unlikely = middle;
    else likely = middle;
  }
  return unlikely;
}

/** Sum of the chances from `start` to `end`, each from the one before by its ratio. */
function tail({ hits, rows, drawn }: Margins, way: { start: number; end: number; step: 1 | -1 }): number {
  if ((way.end - way.start) * way.step < 0) return 0;
  const rest = rows - hits - drawn;
  let chance = Math.exp(logChance({ hits, rows, drawn }, way.start));
  let sum = chance;
  for (let x = way.start; x !== way.end; x += way.step) {
    chance *=
      way.step === 1
        ? ((hits - x) * (drawn - x)) / ((x + 1) * (rest + x + 1))
        : (x * (rest + x)) / ((hits - x + 1) * (drawn - x + 1));
    sum += chance;
    if (chance < sum * Number.EPSILON) break;
  }
  return sum;
}
