import { cellsOf, sharesOf } from "./cells.ts";
import { defineDriftTest, distanceFigure } from "./define.ts";

/**
 * Jensen-Shannon distance: the square root of the divergence, logarithms to the base 2, 0 to 1 (Endres and Schindelin,
 * IEEE Transactions on Information Theory 49, 2003). Empty shares count as they are.
 */
export const jensenshannon = defineDriftTest({
  name: "jensenshannon",
  columnKinds: ["numeric", "categorical"],
  limit: 0.1,
  driftsWhen: "score-at-least",
  exactFrom: "counts",
  score(pair) {
    const cells = cellsOf(pair);
    if (!cells) return null;
    let divergence = 0;
    for (const [r, c] of sharesOf(cells)) {
      if (r === c) continue;
      const middle = (r + c) / 2;
      divergence += (bits(r, middle) + bits(c, middle)) / 2;
    }
    const score = Math.sqrt(Math.min(1, Math.max(0, divergence)));
    return distanceFigure(score, { error: cells.error, bound: null });
  },
});

function bits(share: number, middle: number): number {
  return share === 0 ? 0 : share * Math.log2(share / middle);
}
