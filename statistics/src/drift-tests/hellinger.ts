import { cellsOf, sharesOf } from "./cells.ts";
import { bounded, defineDriftTest } from "./define.ts";

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
    const score = Math.sqrt(Math.min(1, square));
    // One cell of shares a and b stands for a distance of at least (sqrt a - sqrt b)² / 2 and at most (a + b) / 2.
    return bounded(score, cells.lumped === 0 ? 0 : Math.min(1, Math.sqrt(square + 1)) - score);
  },
});
