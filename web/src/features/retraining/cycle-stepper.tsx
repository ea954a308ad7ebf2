import type { Cycle, CycleStep } from "@causeway/contract";
import { Go } from "../../components/go.tsx";
import { Elapsed } from "../../components/moment.tsx";
import { triggerReason } from "../../components/policy-words.ts";
import { StatusMark } from "../../components/status-mark.tsx";
import { placeOfSubject } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { stationStatus } from "./cycle-status.ts";
import { BothClocks } from "./story.tsx";

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
  const scope = useScope();
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
          {step.name === "noticed" ? triggerReason(cycle, { t, format }) : step.text}{" "}
          {step.links.map(({ title, subject }) => {
            const to = placeOfSubject(scope, subject);
            return to === undefined ? null : (
              <Go key={subject} className="story-link" to={to}>
                {title}
              </Go>
            );
          })}
        </p>
      )}
    </li>
  );
}
