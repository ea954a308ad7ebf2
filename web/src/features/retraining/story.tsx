import type { TimelineEntry } from "@causeway/contract";
import { useState } from "react";
import { linkTitle, storyText } from "../../components/cycle-words.ts";
import { Go } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Section } from "../../components/page-frame.tsx";
import { StatusMark } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { placeOfSubject, places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { entryStatus } from "./cycle-status.ts";

const FIRST = 60;
const MOST = 1000;
const KINDS = ["window", "alert", "trigger", "cycle", "approval", "switch", "notification"] as const;

/** Everything that happened to a policy, or to one of its cycles, as one stream with links to every number. */
export function Story({ policy, cycle }: { policy: string; cycle?: number }) {
  const { t } = useWords();
  const [limit, setLimit] = useState(FIRST);
  const [kind, setKind] = useState<TimelineEntry["kind"] | undefined>();
  const story = useAnswer(["retraining", "getTimeline"], {
    policy,
    limit,
    ...(cycle === undefined ? {} : { cycle }),
  });
  const present = KINDS.filter((known) => story.data?.items.some((entry) => entry.kind === known));
  return (
    <Section
      title={cycle === undefined ? t("retraining.story") : t("retraining.storyOfCycle")}
      hint={cycle === undefined ? t("retraining.storyHint") : undefined}
      right={
        present.length < 2 ? undefined : (
          <fieldset className="choice wraps" aria-label={t("retraining.filter")}>
            <button type="button" aria-pressed={kind === undefined} onClick={() => setKind(undefined)}>
              {t("shell.all")}
            </button>
            {present.map((known) => (
              <button
                key={known}
                type="button"
                aria-pressed={kind === known}
                onClick={() => setKind(kind === known ? undefined : known)}
              >
                {t(`timelineKind.${known}`)}
              </button>
            ))}
          </fieldset>
        )
      }
    >
      <Loaded answer={story} skeleton={<RowsSkeleton rows={8} columns={2} />}>
        {({ items, next }) => {
          const shown = items.filter((entry) => kind === undefined || entry.kind === kind);
          if (shown.length === 0) return <p className="quiet">{t("retraining.noStory")}</p>;
          return (
            <>
              <ol className="story">
                {shown.map((entry) => (
                  <Entry key={entry.id} entry={entry} policy={policy} isOfOne={cycle !== undefined} />
                ))}
              </ol>
              {next === null || limit >= MOST ? null : (
                <button type="button" className="button" onClick={() => setLimit(Math.min(MOST, limit * 4))}>
                  {t("retraining.olderStory")}
                </button>
              )}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Entry({ entry, policy, isOfOne }: { entry: TimelineEntry; policy: string; isOfOne: boolean }) {
  const { t, format } = useWords();
  const scope = useScope();
  return (
    <li>
      <BothClocks occurredAt={entry.occurredAt} recordedAt={entry.recordedAt} />
      <StatusMark status={entryStatus(entry.kind)} size={12} />
      <span>
        {storyText(entry, { t, format })} <StoryLinks links={entry.links} />{" "}
        <span className="quiet">
          {entry.cycle === null || isOfOne ? null : (
            <>
              <Go to={places.cycle(scope, { policy, number: entry.cycle })}>
                {t("retraining.cycle", { number: entry.cycle })}
              </Go>
              {" · "}
            </>
          )}
          {entry.actor.name}
        </span>
      </span>
    </li>
  );
}

/** Where the numbers of a line are. */
export function StoryLinks({ links }: Pick<TimelineEntry, "links">) {
  const { t, format } = useWords();
  const scope = useScope();
  return links.map((link) => {
    const to = placeOfSubject(scope, link.subject);
    return to === undefined ? null : (
      <Go key={link.subject} className="story-link" to={to}>
        {linkTitle(link, { t, format })}
      </Go>
    );
  });
}

/** Two clocks further apart than this are both told. */
const APART_MS = 60_000;

/** A moment by event time, with the server's beside it where it is another. */
export function BothClocks({ occurredAt, recordedAt }: { occurredAt: string | null; recordedAt: string }) {
  const { t, format } = useWords();
  const recorded = new Date(recordedAt);
  const occurred = occurredAt === null ? recorded : new Date(occurredAt);
  const now = new Date();
  const isApart = Math.abs(occurred.getTime() - recorded.getTime()) > APART_MS;
  const both =
    occurredAt === null
      ? `${format.exact(recorded)}, ${t("retraining.serverTime")}`
      : `${format.exact(occurred)}, ${t("retraining.eventTime")}\n${format.exact(recorded)}, ${t("retraining.serverTime")}`;
  return (
    <time className="clocks" dateTime={occurred.toISOString()} title={both}>
      {format.dateTime(occurred, now)}
      {isApart ? <small>{format.dateTime(recorded, now)}</small> : null}
    </time>
  );
}
