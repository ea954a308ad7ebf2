import type { ClassLabels } from "./metrics/define.ts";

/** A score of the confusion matrix of the rows drawn, each as often as it was. */
export function drawnConfusion(
  { truth, predicted, classes }: ClassLabels,
  score: (matrix: number[][]) => number,
): (draws: Uint16Array) => number {
  const cells = Uint32Array.from(truth, (label, row) => label * classes + (predicted[row] ?? 0));
  const counts = new Float64Array(classes * classes);
  return (draws) => {
    counts.fill(0);
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row] ?? 0;
      counts[cell] = (counts[cell] ?? 0) + (draws[row] ?? 0);
    }
    const lines = Array.from({ length: classes }, (_, label) => [
      ...counts.subarray(label * classes, (label + 1) * classes),
    ]);
    return score(lines);
  };
}
