import type { Cycle, CycleStep } from "@causeway/contract";
import { stationText } from "../../components/cycle-words.ts";
import { Elapsed } from "../../components/moment.tsx";
import { triggerReason } from "../../components/policy-words.ts";
import { StatusMark } from "../../components/status-mark.tsx";
import { useWords } from "../../lib/words.tsx";
import { stationStatus } from "./cycle-status.ts";
import { BothClocks, StoryLinks } from "./story.tsx";

/** The eight stations of a cycle: what each found, when by both clocks, and where its numbers are. */
export function CycleStepper({ cycle }: { cycle: Cycle }) {
  return (
    <ol className="stepper">
      {cycle.steps.map((step) => (
        <Station key={step.name} step={step} cycle={cycle} />
      ))}
    </ol>
  );
}

function Station({ step, cycle }: { step: CycleStep; cycle: Cycle }) {
  const { t, format } = useWords();
  const at = step.endedAt ?? step.startedAt;
  const isCurrent = step.state === "running" || step.state === "held";
  return (
    <li data-state={step.state} aria-current={isCurrent ? "step" : undefined}>
      <StatusMark status={stationStatus(step)} size={16} />
      <div className="station-head">
        <b>{t(`cycleStep.${step.name}`)}</b>{" "}
        <span className="quiet">
          {t(`cycleStepState.${step.state}`)}
          {step.startedAt === null || step.state === "skipped" ? null : (
            <>
              {", "}
              <Elapsed from={step.startedAt} to={step.endedAt} />
            </>
          )}
        </span>
      </div>
      {at === null ? <span /> : <BothClocks occurredAt={step.occurredAt} recordedAt={at} />}
      {step.text === null && step.links.length === 0 ? null : (
        <p>
          {step.name === "noticed" && step.state === "done"
            ? triggerReason(cycle, { t, format })
            : stationText(step, { t, format })}{" "}
          <StoryLinks links={step.links} />
        </p>
      )}
    </li>
  );
}
