/** Area under the ROC curve by midranks, of scores of class "1" beside what was true. */
export function areaUnderCurve(rows: readonly { readonly score: number; readonly target: string }[]): number {
  const sorted = rows.toSorted((a, b) => a.score - b.score);
  let [ranks, positives] = [0, 0];
  for (let first = 0; first < sorted.length; ) {
    let next = first;
    while (next < sorted.length && sorted[next]?.score === sorted[first]?.score) next += 1;
    const ones = sorted.slice(first, next).filter(({ target }) => target === "1").length;
    ranks += ones * ((first + next + 1) / 2);
    positives += ones;
    first = next;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (sorted.length - positives));
}

/** The mean of numbers. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
