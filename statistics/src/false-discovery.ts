/**
 * Values of p adjusted for the control of false discoveries among them (Benjamini and Hochberg, Journal of the Royal
 * Statistical Society B 57, 1995), in the order given: those at or under a level are, while nothing changed, more than
 * none in at most that share of families. Holds for independent and for positively dependent tests (Benjamini and
 * Yekutieli, Annals of Statistics 29, 2001), as columns that move together are. A family is everything that can raise one
 * alarm: all columns of a window, their missing values and the prediction.
 */
export function controlFalseDiscovery(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[b] ?? 0) - (pValues[a] ?? 0));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let least = 1;
  for (const [place, i] of order.entries()) {
    const rank = pValues.length - place;
    least = Math.min(least, ((pValues[i] ?? 1) * pValues.length) / rank);
    adjusted[i] = least;
  }
  return adjusted;
}
