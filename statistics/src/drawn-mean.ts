/** Mean of the rows drawn, each as often as it was: what a resample of a mean is. NaN where none was. */
export function drawnMean(values: Float64Array): (draws: Uint16Array) => number {
  return (draws) => {
    let sum = 0;
    let rows = 0;
    for (let row = 0; row < values.length; row++) {
      const times = draws[row] ?? 0;
      sum += times * (values[row] ?? 0);
      rows += times;
    }
    return sum / rows;
  };
}
