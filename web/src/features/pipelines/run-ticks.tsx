import type { Pipeline } from "@causeway/contract";
import { useWords } from "../../lib/words.tsx";

type Tick = Pipeline["runs"][number];

const COLOURS: Readonly<Record<Tick["state"], string>> = {
  queued: "idle",
  running: "running",
  cancelling: "running",
  succeeded: "idle",
  failed: "crit",
  cancelled: "line-strong",
};

const HEIGHT = 22;

/** The last runs as ticks, the newest right: height is duration; a failed one is crossed, so that colour is not alone. */
export function RunTicks({ runs }: { runs: readonly Tick[] }) {
  const { t, format } = useWords();
  const oldestFirst = [...runs].reverse();
  const longest = Math.max(1, ...oldestFirst.map(lengthOf));
  return (
    <svg
      width={Math.max(8, oldestFirst.length * 7)}
      height={HEIGHT}
      role="img"
      aria-label={t("pipelines.ticks", { count: runs.length })}
    >
      {oldestFirst.map((run, index) => {
        const tall = Math.max(4, (lengthOf(run) / longest) * HEIGHT);
        const x = index * 7;
        const colour = `var(--${COLOURS[run.state]})`;
        const hollow = run.state === "failed" || run.state === "cancelled";
        return (
          <g key={run.number}>
            <title>{`${run.number}: ${t(`pipelineRunState.${run.state}`)}, ${format.duration(lengthOf(run))}`}</title>
            <rect
              x={x + 0.5}
              y={HEIGHT - tall + 0.5}
              width="4"
              height={tall - 1}
              fill={hollow ? "none" : colour}
              stroke={colour}
              rx=".5"
            />
            {run.state === "failed" ? (
              <path
                d={`M${x} ${HEIGHT - tall}l5 ${Math.min(5, tall)}m0 -${Math.min(5, tall)}l-5 ${Math.min(5, tall)}`}
                stroke={colour}
              />
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}

function lengthOf(run: Tick): number {
  return run.startedAt === null
    ? 0
    : (run.endedAt === null ? Date.now() : Date.parse(run.endedAt)) - Date.parse(run.startedAt);
}
