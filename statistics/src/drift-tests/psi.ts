import { cellsOf, sharesOf } from "./cells.ts";
import { defineDriftTest, distanceFigure } from "./define.ts";

const LEAST_SHARE = 0.0001;

/**
 * Population stability index: the sum over bins of (r - c) ln(r / c), with r and c the shares of the reference and of now
 * (Siddiqi, Credit Risk Scorecards, 2006; 0.1 to 0.25 is a moderate shift, more a large one). An empty share counts as
 * 0.0001, or as half a row where that is less.
 */
export const psi = defineDriftTest({
  name: "psi",
  columnKinds: ["numeric", "categorical"],
  limit: 0.25,
  driftsWhen: "score-at-least",
  exactFrom: "counts",
  score(pair) {
    const cells = cellsOf(pair);
    if (!cells) return null;
    const leastReference = Math.min(LEAST_SHARE, 0.5 / pair.reference.rows);
    const leastCurrent = Math.min(LEAST_SHARE, 0.5 / pair.current.rows);
    let score = 0;
    for (const [reference, current] of sharesOf(cells)) {
      const r = reference === 0 ? leastReference : reference;
      const c = current === 0 ? leastCurrent : current;
      score += (r - c) * Math.log(r / c);
    }
    // A share that is nearly empty adds without limit, so no bound is known.
    return distanceFigure(score, { error: cells.error, bound: null });
  },
});
