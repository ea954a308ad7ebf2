import type { StepRun } from "@causeway/contract";
import { type TimeBar, timeTicks } from "../../components/time-bars.ts";
import { useWords } from "../../lib/words.tsx";

/** Width of the time column, in px. */
export const BARS_WIDTH = 262;
const HEIGHT = 26;
const LEFT = 2;

/** The times of one step as bars on the run's axis. */
export function barsOf(step: StepRun, startedAt: number, now: number): TimeBar[] {
  return step.attempts.map((attempt) => {
    const from = Date.parse(attempt.startedAt) - startedAt;
    const to = (attempt.endedAt === null ? now : Date.parse(attempt.endedAt)) - startedAt;
    const look =
      attempt.state === "succeeded" ? "ran" : attempt.state === "running" ? "running" : ("failed" as const);
    return { from: Math.max(0, from), to: Math.max(0, to), look };
  });
}

/** The head of the time column: the axis. */
export function BarsAxis({ length }: { length: number }) {
  const { format } = useWords();
  return (
    <svg width={BARS_WIDTH} height="20" aria-hidden="true">
      {timeTicks(length).map((at) => (
        <text key={at} x={LEFT + scale(at, length)} y="14">
          {format.duration(at)}
        </text>
      ))}
    </svg>
  );
}

/** One row: filled ran, hollow and crossed failed, dashes came from the cache, open at the end still runs. */
export function StepBars({
  step,
  bars,
  length,
}: {
  step: StepRun;
  bars: readonly TimeBar[];
  length: number;
}) {
  const { t } = useWords();
  return (
    <svg width={BARS_WIDTH} height={HEIGHT} aria-hidden="true">
      {timeTicks(length).map((at) => (
        <path key={at} d={`M${LEFT + scale(at, length)} 0V${HEIGHT}`} stroke="var(--grid)" />
      ))}
      {step.state === "cached" ? (
        <>
          <path d={`M${LEFT} 13h7`} stroke="var(--idle)" strokeWidth="8" strokeDasharray="2 2" />
          <text x={LEFT + 13} y="17">
            {step.cachedFrom === null
              ? t("pipelines.hit")
              : t("pipelines.hitFrom", { run: String(step.cachedFrom) })}
          </text>
        </>
      ) : null}
      {bars.map((bar) => (
        <Bar key={`${bar.from}:${bar.look}`} bar={bar} length={length} />
      ))}
    </svg>
  );
}

function Bar({ bar, length }: { bar: TimeBar; length: number }) {
  const x = LEFT + scale(bar.from, length);
  const wide = Math.max(2, scale(bar.to - bar.from, length));
  switch (bar.look) {
    case "ran":
      return <rect x={x} y="8" width={wide} height="10" rx="1" fill="var(--live)" />;
    case "running":
      return (
        <>
          <rect x={x} y="8" width={wide} height="10" rx="1" fill="var(--live-fill)" />
          <path d={`M${x} 8v10`} stroke="var(--live)" strokeWidth="2" />
        </>
      );
    case "failed":
      return (
        <>
          <rect
            x={x}
            y="8"
            width={wide}
            height="10"
            rx="1"
            fill="none"
            stroke="var(--crit)"
            strokeWidth="1.25"
          />
          <path d={`M${x + wide / 2 - 2.5} 10.5l5 5m0 -5l-5 5`} stroke="var(--crit)" strokeWidth="1.25" />
        </>
      );
    case "waiting":
      return <rect x={x} y="8" width={wide} height="10" rx="1" fill="var(--candidate-fill)" />;
    default:
      return bar.look satisfies never;
  }
}

function scale(ms: number, length: number): number {
  return (ms / Math.max(1, length)) * (BARS_WIDTH - LEFT - 8);
}
