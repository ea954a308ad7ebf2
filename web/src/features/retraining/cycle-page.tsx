import type { Cycle } from "@causeway/contract";
import { cycleProblem } from "../../components/cycle-words.ts";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go, useSegment } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { Column, PageHead } from "../../components/page-frame.tsx";
import { triggerReason } from "../../components/policy-words.ts";
import { StatusWord } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { CycleActions } from "./cycle-actions.tsx";
import { CycleFacts } from "./cycle-facts.tsx";
import { cycleStatus } from "./cycle-status.ts";
import { CycleStepper } from "./cycle-stepper.tsx";
import { Story } from "./story.tsx";

/** One way round the loop: where it stands, station by station, and what a person can do. */
export function CyclePage() {
  const policy = useSegment("policy");
  const number = Number(useSegment("number"));
  const cycle = useAnswer(["retraining", "getCycle"], { policy, number });
  return (
    <Loaded answer={cycle} skeleton={<PictureSkeleton height={420} />}>
      {(known) => <CycleView cycle={known} />}
    </Loaded>
  );
}

function CycleView({ cycle }: { cycle: Cycle }) {
  const { t, format } = useWords();
  const scope = useScope();
  const policy = useAnswer(["retraining", "getPolicy"], { policy: cycle.policy });
  const problem = cycleProblem(cycle, { t, format });
  return (
    <>
      <PageHead
        title={t("retraining.cycleOf", { policy: cycle.policy, number: cycle.number })}
        sub={
          <>
            <StatusWord status={cycleStatus(cycle.state)}>{t(`cycleState.${cycle.state}`)}</StatusWord>
            <span>
              {t("retraining.startedBy", { who: cycle.startedBy.name })} <Moment at={cycle.startedAt} />
            </span>
            <span>
              <Elapsed from={cycle.startedAt} to={cycle.endedAt} />
            </span>
            <span>
              {t("retraining.retrains")}{" "}
              <Go to={places.deployment(scope, cycle.deployment)}>{cycle.deployment}</Go>
            </span>
          </>
        }
      />
      <p className="rule-sentence">{triggerReason(cycle, { t, format })}</p>
      {problem === null ? null : <ErrorNote error={new Error(problem)} />}
      <div className="columns">
        <Column title={t("retraining.stations")} hint={t("retraining.stationsHint")}>
          <CycleStepper cycle={cycle} />
        </Column>
        <Column className="decide stack">
          <CycleActions cycle={cycle} alias={policy.data?.settings.alias ?? "champion"} />
          <CycleFacts cycle={cycle} monitor={policy.data?.monitor} />
        </Column>
      </div>
      <Story policy={cycle.policy} cycle={cycle.number} />
    </>
  );
}
