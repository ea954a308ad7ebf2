import type { Cycle } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { triggerReason } from "../../components/policy-words.ts";
import { StatusWord } from "../../components/status-mark.tsx";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { cycleStatus } from "./cycle-status.ts";

/** Cycles with what started them, how far they came and which version they brought. */
export function CycleTable({ cycles }: { cycles: readonly Cycle[] }) {
  const { t, format } = useWords();
  const scope = useScope();
  return (
    <DataTable
      label={t("retraining.cycles")}
      rows={cycles}
      rowKey={({ policy, number }) => `${policy} ${number}`}
      open={(cycle) => places.cycle(scope, cycle)}
      view="cycles"
      columns={[
        {
          key: "number",
          title: t("retraining.cycles"),
          sort: ({ number }) => number,
          cell: (cycle) => (
            <Go className="ink-link strong" to={places.cycle(scope, cycle)}>
              {cycle.number}
            </Go>
          ),
        },
        {
          key: "state",
          title: t("words.state"),
          sort: ({ state }) => state,
          cell: ({ state }) => (
            <StatusWord status={cycleStatus(state)}>{t(`cycleState.${state}`)}</StatusWord>
          ),
        },
        {
          key: "why",
          title: t("words.reason"),
          className: "sentence",
          cell: (cycle) => triggerReason(cycle, { t, format }),
        },
        {
          key: "version",
          title: t("words.version"),
          cell: ({ model, champion, candidate, challenger, switchedAt }) => {
            const version = candidate ?? challenger;
            return version === null ? (
              ""
            ) : (
              <>
                {champion === null ? "" : `v${champion} → `}
                <Go
                  className={switchedAt === null ? "tag candidate" : "tag live"}
                  to={places.modelVersion(scope, { model, version })}
                >
                  v{version}
                </Go>
              </>
            );
          },
        },
        {
          key: "noticed",
          title: t("retraining.noticedAt"),
          number: true,
          sort: ({ noticedAt }) => noticedAt,
          cell: ({ noticedAt }) => <EventMoment at={noticedAt} />,
        },
        {
          key: "took",
          title: t("retraining.toRepair"),
          number: true,
          minor: true,
          cell: ({ noticedAt, switchedAt }) =>
            switchedAt === null
              ? ""
              : format.duration(Math.max(0, Date.parse(switchedAt) - Date.parse(noticedAt))),
        },
      ]}
    />
  );
}

function EventMoment({ at }: { at: string }) {
  const { format } = useWords();
  return (
    <time dateTime={at} title={format.exact(new Date(at))}>
      {format.dateTime(new Date(at), new Date())}
    </time>
  );
}
