import { cellsOf, sharesOf } from "./cells.ts";
import { defineDriftTest, distanceFigure } from "./define.ts";

/** L-infinity distance: the largest |r - c| of any bin or category. 0 to 1. */
export const lInfinity = defineDriftTest({
  name: "l_infinity",
  columnKinds: ["numeric", "categorical"],
  limit: 0.1,
  driftsWhen: "score-at-least",
  exactFrom: "counts",
  score(pair) {
    const cells = cellsOf(pair);
    if (!cells) return null;
    const score = sharesOf(cells).reduce((most, [r, c]) => Math.max(most, Math.abs(r - c)), 0);
    return distanceFigure(score, { error: cells.error, bound: cells.error });
  },
});
