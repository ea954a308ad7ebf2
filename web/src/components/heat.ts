/** From which score on a heat cell takes its next step: none, 0.1, 0.2, 0.5, 1. */
export const HEAT_STEPS = [0.1, 0.2, 0.5, 1] as const;

/** The step of a score, 0 to 4. */
export function heatStep(score: number): number {
  return HEAT_STEPS.filter((step) => score >= step).length;
}

/** A score in the little room of a cell: a dot under the first step, two digits above. */
export function heatText(score: number, decimal: string): string {
  if (score < HEAT_STEPS[0]) return "·";
  if (score < 1) return score.toFixed(2).slice(0, 4).replace("0.", decimal);
  return score < 10 ? score.toFixed(1).replace(".", decimal) : score.toFixed(0);
}
