import { type BinaryScores, defineMetric } from "./define.ts";

/**
 * Area under the precision-recall curve as average precision: the sum over distinct scores, highest first, of the gain in
 * recall times the precision there, without interpolation (scikit-learn's average_precision_score). Undefined without
 * positive rows.
 */
export const prAuc = defineMetric({
  name: "pr-auc",
  judges: "scores",
  better: "higher",
  range: [0, 1],
  score: (input) => averagePrecision(input)(new Uint16Array(input.scores.length).fill(1)),
  resample: averagePrecision,
});

function averagePrecision({ truth, scores }: BinaryScores): (draws: Uint16Array) => number {
  if (scores.some(Number.isNaN)) return () => Number.NaN;
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  // True at the last row of each distinct score.
  const ends = Uint8Array.from(order, (row, place) => {
    const next = order[place + 1];
    return next === undefined || scores[next] !== scores[row] ? 1 : 0;
  });
  return (draws) => {
    let sum = 0;
    let called = 0;
    let right = 0;
    let counted = 0;
    for (let place = 0; place < order.length; place++) {
      const row = order[place] ?? 0;
      const times = draws[row] ?? 0;
      called += times;
      if (truth[row] === 1) right += times;
      if (ends[place] === 1 && right > counted) {
        sum += ((right - counted) * right) / called;
        counted = right;
      }
    }
    return sum / right;
  };
}
