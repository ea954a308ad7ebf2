import type { Cycle, Policy } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Go, useView } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { PageHead, Section } from "../../components/page-frame.tsx";
import { heldText, policySentence } from "../../components/policy-words.ts";
import { StatusWord } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { cycleStatus, isOpen } from "./cycle-status.ts";
import { CycleTicks } from "./cycle-ticks.tsx";
import { DeliveryFigures } from "./delivery-figures.tsx";
import { PolicyForm } from "./policy-form.tsx";
import { PolicyState } from "./policy-state.tsx";

/** All policies: what the loop delivered, each rule as a sentence, how its cycles ended. */
export function PolicyListPage() {
  const { t } = useWords();
  const scope = useScope();
  const [isNew, setNew] = useView("new");
  const policies = useAnswer(["retraining", "listPolicies"], { limit: 1000 });
  const cycles = useAnswer(["retraining", "listCycles"], { limit: 200 });
  return (
    <>
      <PageHead
        title={t("stages.retraining")}
        sub={
          policies.data === undefined
            ? undefined
            : t("retraining.sub", {
                count: policies.data.items.length,
                environment: scope.environment,
                running: policies.data.items.filter(({ newest }) => newest !== null && isOpen(newest)).length,
              })
        }
        actions={
          <button type="button" className="button primary" onClick={() => setNew(isNew === "" ? "1" : "")}>
            {t("retraining.newPolicy")}
          </button>
        }
      />
      {isNew === "" ? null : <PolicyForm close={() => setNew("")} />}
      <Loaded answer={policies} skeleton={<RowsSkeleton />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title={t("retraining.emptyTitle", { environment: scope.environment })}
              text={t("retraining.emptyText")}
              command={commandLine(scope, "retraining create churn --when performance")}
            />
          ) : (
            <>
              <DeliveryFigures cycles={cycles.data?.items ?? []} />
              <Section title={t("retraining.policies")}>
                <PolicyTable policies={items} cycles={cycles.data?.items ?? []} />
              </Section>
            </>
          )
        }
      </Loaded>
    </>
  );
}

function PolicyTable({ policies, cycles }: { policies: readonly Policy[]; cycles: readonly Cycle[] }) {
  const { t, format } = useWords();
  const scope = useScope();
  return (
    <DataTable
      label={t("stages.retraining")}
      rows={policies}
      rowKey={({ name }) => name}
      open={({ name }) => places.policy(scope, name)}
      columns={[
        {
          key: "name",
          title: t("words.name"),
          sort: ({ name }) => name,
          cell: ({ name }) => (
            <Go className="ink-link strong" to={places.policy(scope, name)}>
              {name}
            </Go>
          ),
        },
        { key: "state", title: t("words.state"), cell: (policy) => <PolicyState policy={policy} /> },
        {
          key: "rule",
          title: t("retraining.rule"),
          className: "sentence",
          cell: (policy) => (
            <>
              {policySentence(policy, { t, format })}
              {policy.held === null ? null : (
                <span className="quiet"> {heldText(policy, { t, format })}</span>
              )}
            </>
          ),
        },
        {
          key: "newest",
          title: t("retraining.newest"),
          cell: ({ newest }) => (newest === null ? null : <CycleLink cycle={newest} />),
        },
        {
          key: "last",
          title: t("retraining.lastCycles"),
          minor: true,
          cell: ({ name }) => <CycleTicks cycles={cycles.filter(({ policy }) => policy === name)} />,
        },
        {
          key: "trainings",
          title: t("retraining.trainings"),
          number: true,
          cell: ({ trainings }) => <TrainingsUsed of={trainings} />,
        },
      ]}
    />
  );
}

/** How much of the budget is used, in words. */
export function TrainingsUsed({ of: { used, of, per } }: { of: Policy["trainings"] }) {
  const { t } = useWords();
  const unit = (["day", "week", "month", "year"] as const).find((known) => known === per);
  return (
    <>
      {t("retraining.trainingsOf", {
        used,
        of,
        per: unit === undefined ? per : t(`retraining.budgetUnits.${unit}`),
      })}
    </>
  );
}

function CycleLink({ cycle }: { cycle: Cycle }) {
  const { t } = useWords();
  const scope = useScope();
  return (
    <Go className="ink-link" to={places.cycle(scope, cycle)}>
      <StatusWord status={cycleStatus(cycle.state)}>
        {cycle.number}, {t(`cycleState.${cycle.state}`)}
      </StatusWord>
    </Go>
  );
}
