import { APPROVAL_STATES, type Event, type ModelVersion } from "@causeway/contract";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { type Status, StatusMark } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { type MessageKey, type Translate, useWords } from "../../lib/words.tsx";

const SENTENCES: Partial<Record<Event["type"], MessageKey>> = {
  "registry.version-registered": "registry.wasRegistered",
  "registry.version-evaluated": "registry.wasEvaluated",
  "registry.version-assigned": "registry.wasAssigned",
  "registry.alias-removed": "registry.wasRemoved",
  "registry.gate-judged": "registry.wasJudged",
  "registry.approval-requested": "registry.wasRequested",
  "registry.approval-decided": "registry.wasDecided",
  "registry.approval-expired": "registry.wasExpired",
};

/** What happened to this version: registered, assigned, removed, by whom and when. */
export function VersionHistory({ version: { model, version } }: { version: ModelVersion }) {
  const { t, format } = useWords();
  const events = useAnswer(["platform", "listEvents"], { stage: "registry", limit: 200 });
  const isOwn = ({ subject, data }: Event) =>
    subject.endsWith(`/models/${model}/versions/${version}`) ||
    ((subject.includes(`/models/${model}/`) || data["model"] === model) && data["version"] === version);
  return (
    <div>
      <SectionHead title={t("registry.history")} />
      <Loaded answer={events} skeleton={<RowsSkeleton rows={2} columns={2} />}>
        {({ items }) => {
          const own = items.filter((event) => SENTENCES[event.type] !== undefined && isOwn(event));
          if (own.length === 0) return <p className="quiet">{t("shell.none")}</p>;
          return (
            <ol className="timeline">
              {own.map((event) => {
                const at = new Date(event.recordedAt);
                const alias = event.data["alias"];
                return (
                  <li key={event.id}>
                    <time dateTime={event.recordedAt} title={format.exact(at)}>
                      {format.time(at)}
                    </time>
                    <StatusMark status={statusOf(event)} size={12} />
                    <span>
                      {t(SENTENCES[event.type] ?? "registry.wasRegistered", {
                        alias: typeof alias === "string" ? alias : "",
                        outcome: outcomeOf(event, t),
                        environment: event.environment ?? "",
                        who: event.actor.name,
                      })}{" "}
                      <span className="quiet">{format.day(at, new Date())}</span>
                    </span>
                  </li>
                );
              })}
            </ol>
          );
        }}
      </Loaded>
    </div>
  );
}

function statusOf({ type, data }: Event): Status {
  if (type === "registry.alias-removed") return "blocked";
  if (type === "registry.approval-requested") return "waiting";
  if (type === "registry.approval-expired") return "warn";
  if (type === "registry.version-evaluated" && data["state"] !== "succeeded") return "crit";
  return data["passed"] === false || data["state"] === "rejected" ? "crit" : "ok";
}

function outcomeOf({ type, data }: Event, t: Translate): string {
  if (type === "registry.gate-judged")
    return data["passed"] === true ? t("registry.gatePassed") : t("registry.gateRefused");
  if (type === "registry.version-evaluated") {
    const { summary, problem } = data;
    return typeof summary === "string" ? summary : typeof problem === "string" ? problem : "";
  }
  const state = APPROVAL_STATES.find((known) => known === data["state"]);
  return state === undefined ? "" : t(`registry.approvalState.${state}`);
}
