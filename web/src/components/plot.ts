/** Where a chart draws, in px from the edges of its box, and what its axes span. Both axes are linear. */
export type Plot = {
  left: number;
  right: number;
  top: number;
  bottom: number;
  from: number;
  to: number;
  low: number;
  high: number;
  /** Distance of the upright axis's ticks. */
  step: number;
};

/** A plot in a box of known size: where a position and a value stand in it. */
export type Place = {
  x: (position: number) => number;
  y: (value: number) => number;
  left: number;
  right: number;
  top: number;
  bottom: number;
};

/** The plot laid into a box. */
export function placeIn(plot: Plot, { width, height }: { width: number; height: number }): Place {
  const right = Math.max(plot.left + 1, width - plot.right);
  const bottom = Math.max(plot.top + 1, height - plot.bottom);
  return {
    left: plot.left,
    right,
    top: plot.top,
    bottom,
    x: (position) =>
      plot.left + ((position - plot.from) / Math.max(1e-12, plot.to - plot.from)) * (right - plot.left),
    y: (value) => bottom - ((value - plot.low) / Math.max(1e-12, plot.high - plot.low)) * (bottom - plot.top),
  };
}

/** A range with round ends and a round step that holds all values; about `ticks` steps. */
export function niceRange(values: readonly number[], ticks = 4): { low: number; high: number; step: number } {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return { low: 0, high: 1, step: 0.5 };
  const least = Math.min(...finite);
  const most = Math.max(...finite);
  const span = most - least || Math.abs(most) * 0.1 || 1;
  const rough = span / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((round) => round * power >= rough) ?? 10);
  // One value alone stands in the middle.
  const alone = least === most ? step : 0;
  const low = Math.floor(least / step + 1e-9) * step - alone;
  const high = Math.ceil(most / step - 1e-9) * step + alone;
  return { low: clean(low), high: clean(high), step: clean(step) };
}

/** Takes the noise of binary fractions away: 0.30000000000000004 is 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/** Names moved apart along one axis so that none covers another; each keeps its own place as near as it can. */
export function fanOut(
  wishes: ReadonlyArray<{ at: number; wide: number }>,
  { from, to }: { from: number; to: number },
): number[] {
  const placed: number[] = [];
  let least = from;
  for (const { at, wide } of wishes) {
    const place = Math.max(least, at);
    placed.push(place);
    least = place + wide;
  }
  let most = to;
  for (let index = wishes.length - 1; index >= 0; index -= 1) {
    const place = Math.min(placed[index] ?? from, most - (wishes[index]?.wide ?? 0));
    placed[index] = place;
    most = place;
  }
  return placed.map((place) => Math.max(from, place));
}
