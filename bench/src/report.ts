/** One line of a benchmark: what was measured, by whom, in what unit, and how much repeats differ. */
export type Measurement = {
  bench: string;
  line: string;
  /** Ours, a peer or a floor. */
  who: string;
  unit: string;
  median: number;
  /** Least and greatest of the repeats: the machine's noise. */
  low: number;
  high: number;
  repeats: number;
  budget?: number;
  /** Ours divided by the peer or floor that it is held against. */
  ratio?: number;
};

/** Median and range of repeats. */
export function spread(values: readonly number[]): Pick<Measurement, "median" | "low" | "high" | "repeats"> {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return {
    median: round(middle),
    low: round(sorted[0] ?? Number.NaN),
    high: round(sorted.at(-1) ?? Number.NaN),
    repeats: values.length,
  };
}

/** Writes one JSON object on a line of its own. */
export function report(measurement: Measurement): void {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}

/** Four significant digits. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}
