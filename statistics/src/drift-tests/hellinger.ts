import { cellsOf, sharesOf } from "./cells.ts";
import { defineDriftTest, distanceFigure } from "./define.ts";

/** Hellinger distance: sqrt(1 - sum of sqrt(r c)), 0 to 1 (Hellinger, Crelle's Journal 136, 1909). */
export const hellinger = defineDriftTest({
  name: "hellinger",
  columnKinds: ["numeric", "categorical"],
  limit: 0.1,
  driftsWhen: "score-at-least",
  exactFrom: "counts",
  score(pair) {
    const cells = cellsOf(pair);
    if (!cells) return null;
    // By the squares of the differences, which are 0 for equal shares where the sum above would be rounded.
    const square = sharesOf(cells).reduce((sum, [r, c]) => sum + (Math.sqrt(r) - Math.sqrt(c)) ** 2, 0) / 2;
    return distanceFigure(Math.sqrt(Math.min(1, square)), { error: cells.error, bound: null });
  },
});
