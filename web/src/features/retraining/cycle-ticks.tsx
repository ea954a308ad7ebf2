import type { Cycle } from "@causeway/contract";
import { StatusShape } from "../../components/status-mark.tsx";
import { useWords } from "../../lib/words.tsx";
import { cycleStatus } from "./cycle-status.ts";

const STEP = 18;
const MOST = 20;

/** The last cycles as their shapes, the newest at the right. */
export function CycleTicks({ cycles }: { cycles: readonly Cycle[] }) {
  const { t } = useWords();
  const drawn = cycles.slice(0, MOST).reverse();
  if (drawn.length === 0) return <span className="quiet">{t("retraining.noCycle")}</span>;
  return (
    <svg
      width={drawn.length * STEP}
      height="20"
      role="img"
      aria-label={drawn.map(({ number, state }) => `${number} ${t(`cycleState.${state}`)}`).join(", ")}
    >
      {drawn.length < 2 ? null : <path d={`M9 10H${drawn.length * STEP - 9}`} stroke="var(--line)" />}
      {drawn.map(({ policy, number, state }, index) => (
        <g key={`${policy} ${number}`}>
          <title>{`${policy} ${number}: ${t(`cycleState.${state}`)}`}</title>
          <circle cx={index * STEP + 9} cy="10" r="8" fill="var(--surface)" />
          <StatusShape status={cycleStatus(state)} at={[index * STEP + 9, 10]} size={12} />
        </g>
      ))}
    </svg>
  );
}
