import { cellsOf, totalVariationOf } from "./cells.ts";
import { defineDriftTest, distanceFigure } from "./define.ts";

/** Total variation distance: half the sum over bins of |r - c|; the share of rows that would have to move. 0 to 1. */
export const totalVariation = defineDriftTest({
  name: "total_variation",
  columnKinds: ["numeric", "categorical"],
  limit: 0.1,
  driftsWhen: "score-at-least",
  exactFrom: "counts",
  score(pair) {
    const cells = cellsOf(pair);
    return cells && distanceFigure(totalVariationOf(cells), { error: cells.error, bound: cells.error });
  },
});
