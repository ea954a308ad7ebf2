import { normalTails } from "../distributions/upper-gamma.ts";
import { cellsOf } from "./cells.ts";
import { defineDriftTest } from "./define.ts";

/**
 * Test of two proportions with pooled variance, two-sided: z = (c - r) / sqrt(p (1 - p) (1/m + 1/n)), for columns of two
 * values at most. `score` is |z|; both sides constant and equal: z = 0, p = 1.
 */
export const z = defineDriftTest({
  name: "z",
  columnKinds: ["categorical"],
  limit: 0.05,
  driftsWhen: "p-at-most",
  exactFrom: "counts",
  score(pair) {
    const cells = pair.kind === "categorical" ? cellsOf(pair) : null;
    if (!cells || cells.error > 0 || cells.reference.length > 2) return null;
    const m = pair.reference.rows;
    const n = pair.current.rows;
    const reference = cells.reference[0] ?? 0;
    const current = cells.current[0] ?? 0;
    const pooled = (reference + current) / (m + n);
    const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / m + 1 / n));
    const score = deviation === 0 ? 0 : Math.abs(current / n - reference / m) / deviation;
    return { score, pValue: normalTails(score), exactness: "exact", errorBound: null };
  },
});
