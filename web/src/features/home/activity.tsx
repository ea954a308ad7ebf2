import { Fragment, useState } from "react";
import { Go } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Column } from "../../components/page-frame.tsx";
import { StatusMark } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { placeOfSubject, titleOfSubject } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { Sentence, useWords } from "../../lib/words.tsx";
import { sentenceOf } from "./event-sentence.ts";
import { byDay, calledIn, eventStatus, fold, outcomeOf, saidIn, type Told, thingOf } from "./story.ts";

/** The ends that an event may tell of; the pages have a word for each. */
export const OUTCOMES = [
  "ready",
  "blocked",
  "succeeded",
  "finished",
  "failed",
  "cancelled",
  "killed",
  "cached",
  "skipped",
  "lost",
  "passed",
  "refused",
  "approved",
  "rejected",
  "withdrawn",
  "expired",
  "confirmed",
  "rolled-back",
] as const;

const PAGE = 30;
const MOST = 1000;

/** What happened, newest first: one stream for all stages. */
export function Activity() {
  const { t, format } = useWords();
  const [isMine, setMine] = useState(false);
  const [limit, setLimit] = useState(PAGE);
  const identity = useAnswer(["platform", "whoAmI"], {});
  const events = useAnswer(["platform", "listEvents"], { limit });
  const me = identity.data?.actor.id;
  const dayName = (at: Date) => {
    const now = new Date();
    if (format.dayKey(at) === format.dayKey(now)) return t("home.today");
    if (format.dayKey(at) === format.dayKey(new Date(now.getTime() - 86_400_000))) return t("home.yesterday");
    return format.day(at, now);
  };
  return (
    <Column
      title={t("home.activity")}
      right={
        <fieldset className="choice" aria-label={t("home.activity")}>
          <button type="button" aria-pressed={!isMine} onClick={() => setMine(false)}>
            {t("shell.all")}
          </button>
          <button type="button" aria-pressed={isMine} onClick={() => setMine(true)}>
            {t("home.mine")}
          </button>
        </fieldset>
      }
    >
      <Loaded answer={events} skeleton={<RowsSkeleton rows={5} columns={2} />}>
        {({ items, next }) => {
          const told = fold(isMine ? items.filter(({ actor }) => actor.id === me) : items);
          if (told.length === 0) return <p className="quiet">{t("home.noActivity")}</p>;
          return (
            <>
              <ol className="timeline">
                {byDay(told, dayName).map(({ day, told: ofDay }) => (
                  <Fragment key={day}>
                    <li className="day">{day}</li>
                    {ofDay.map((each) => (
                      <Line key={each.event.id} told={each} />
                    ))}
                  </Fragment>
                ))}
              </ol>
              {next === null || limit >= MOST ? null : (
                <button
                  type="button"
                  className="link-button"
                  onClick={() => setLimit(Math.min(MOST, limit * 3))}
                >
                  {t("shell.more")}
                </button>
              )}
            </>
          );
        }}
      </Loaded>
    </Column>
  );
}

function Line({ told: { event, times } }: { told: Told }) {
  const { t, format } = useWords();
  const scope = useScope();
  const at = new Date(event.recordedAt);
  const subject = thingOf(event);
  const to = placeOfSubject(scope, subject);
  const title = calledIn(event, { t, format }) ?? titleOfSubject(subject);
  const outcome = OUTCOMES.find((known) => known === outcomeOf(event));
  return (
    <li>
      <time dateTime={event.recordedAt} title={`${format.exact(at)} · ${event.actor.name}`}>
        {format.time(at)}
      </time>
      <StatusMark status={eventStatus(event)} size={12} />
      <span>
        <Sentence
          of={sentenceOf(event.type)}
          values={{
            outcome: outcome === undefined ? "" : t(`outcome.${outcome}`),
            name: saidIn(event, { t, format }),
            version: typeof event.data["version"] === "number" ? event.data["version"] : "",
          }}
          parts={{ thing: to === undefined ? <b>{title}</b> : <Go to={to}>{title}</Go> }}
        />
        {times > 1 ? <span className="quiet"> {t("home.times", { count: times })}</span> : null}
      </span>
    </li>
  );
}
