/** A stretch of time in a step's row, in ms from the run's start. */
export type TimeBar = {
  from: number;
  to: number;
  /** `ran` filled, `failed` hollow and crossed, `waiting` tinted, `running` open at its end. */
  look: "ran" | "failed" | "running" | "waiting";
};

/** Round marks for a time axis: at most `most` of them, at whole seconds, minutes or hours where they can be. */
export function timeTicks(lengthMs: number, most = 5): number[] {
  const steps = [
    50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
  ];
  const step =
    steps.find((each) => lengthMs / each <= most) ?? Math.ceil(lengthMs / most / 86_400_000) * 86_400_000;
  const ticks: number[] = [];
  for (let at = 0; at <= lengthMs; at += step) ticks.push(at);
  return ticks;
}
