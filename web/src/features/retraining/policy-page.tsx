import type { Policy } from "@causeway/contract";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go, useSegment, useView } from "../../components/go.tsx";
import { Loaded, PictureSkeleton, RowsSkeleton } from "../../components/loaded.tsx";
import { Column, PageHead, Section } from "../../components/page-frame.tsx";
import { heldText, policySentence } from "../../components/policy-words.ts";
import { RightButton } from "../../components/right-button.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { isOpen } from "./cycle-status.ts";
import { CycleTable } from "./cycle-table.tsx";
import { EndPolicy, RunNow } from "./policy-actions.tsx";
import { PolicyChart } from "./policy-chart.tsx";
import { PolicyFacts } from "./policy-facts.tsx";
import { PolicyForm } from "./policy-form.tsx";
import { TrainingsUsed } from "./policy-list-page.tsx";
import { PolicyState } from "./policy-state.tsx";
import { Story } from "./story.tsx";

/** One policy: its rule as a sentence, the performance that its cycles repaired, and the whole story. */
export function PolicyPage() {
  const name = useSegment("policy");
  const policy = useAnswer(["retraining", "getPolicy"], { policy: name });
  return (
    <Loaded answer={policy} skeleton={<PictureSkeleton height={420} />}>
      {(known) => <PolicyView policy={known} />}
    </Loaded>
  );
}

function PolicyView({ policy }: { policy: Policy }) {
  const { t, format } = useWords();
  const scope = useScope();
  const [open, setOpen] = useView("do");
  const update = useAction(["retraining", "updatePolicy"]);
  const isBusy = policy.newest !== null && isOpen(policy.newest);
  const cycles = useAnswer(["retraining", "listCycles"], { policy: policy.name, limit: 200 });
  return (
    <>
      <PageHead
        title={policy.name}
        sub={
          <>
            <PolicyState policy={policy} />
            <span>
              {t("retraining.retrains")}{" "}
              <Go to={places.deployment(scope, policy.deployment)}>{policy.deployment}</Go>
            </span>
            <span>
              {t("retraining.follows")} <Go to={places.monitor(scope, policy.monitor)}>{policy.monitor}</Go>
            </span>
            <span>
              {t("retraining.trainings")}: <TrainingsUsed of={policy.trainings} />
            </span>
          </>
        }
        actions={
          <>
            <RightButton
              permission="retraining:write"
              disabled={update.isPending}
              onClick={() => update.mutate({ policy: policy.name, paused: !policy.paused })}
            >
              {policy.paused ? t("retraining.resume") : t("retraining.pause")}
            </RightButton>
            <RightButton
              permission="retraining:write"
              className="button primary"
              onClick={() => setOpen(open === "run" ? "" : "run")}
            >
              {t("retraining.runNow")}
            </RightButton>
          </>
        }
      />
      {update.error === null ? null : <ErrorNote error={update.error} />}
      {open === "run" ? <RunNow policy={policy} close={() => setOpen("")} /> : null}
      <p className="rule-sentence">{policySentence(policy, { t, format })}</p>
      {policy.held === null || isBusy ? null : (
        <div className="note warn">
          <b>{t("retraining.heldTitle")}</b>
          <p className="second">{heldText(policy, { t, format })}</p>
        </div>
      )}
      {open === "edit" ? <PolicyForm policy={policy} close={() => setOpen("")} /> : null}
      <div className="columns open">
        <Column className="stack">
          <PolicyChart policy={policy} cycles={cycles.data?.items ?? []} />
          <Section title={t("retraining.cycles")} hint={t("retraining.cyclesHint")}>
            <Loaded answer={cycles} skeleton={<RowsSkeleton rows={3} />}>
              {({ items }) =>
                items.length === 0 ? (
                  <p className="quiet">{t("retraining.noCycles")}</p>
                ) : (
                  <CycleTable cycles={items} />
                )
              }
            </Loaded>
          </Section>
        </Column>
        <Column className="stack">
          <PolicyFacts policy={policy} />
          <button type="button" className="button" onClick={() => setOpen(open === "edit" ? "" : "edit")}>
            {t("retraining.editPolicy")}
          </button>
          <EndPolicy policy={policy} />
        </Column>
      </div>
      <Story policy={policy.name} />
    </>
  );
}
