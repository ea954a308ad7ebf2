import type { ReactNode } from "react";
import { useWords } from "../lib/words.tsx";
import { Go } from "./go.tsx";
import { type Status, StatusMark, StatusShape } from "./status-mark.tsx";

/** One place on the loop: its words, its state, and the stretch that leads on from it. */
export type Station = {
  key: string;
  name: string;
  /** The most important thing there now. */
  headline: string;
  detail: ReactNode;
  status: Status;
  to: string;
  span: "solid" | "moving" | "held" | "open";
};

/** The way back under the water, and why it is used now. */
export type Back = { span: Station["span"]; reason: string | undefined };

/** Where a retraining begins: the third stage. */
const PIPELINES = 2;
const WIDTH = 1184;
const FIRST = 8;
const STEP = (WIDTH - 2 * FIRST - 0.5) / 6.91;
const DECK = 16;
const WATER = 71;

/** The bridge of seven stages with what happens on it now; on a phone the same as a list. */
export function TheLoop({
  stations,
  label,
  back,
}: {
  stations: readonly Station[];
  label: string;
  back: Back;
}) {
  return (
    <section className="loop" aria-label={label}>
      <div className="desk-only">
        <div className="stations">
          {stations.map((station) => (
            <StationWords key={station.key} station={station} />
          ))}
        </div>
        <Bridge stations={stations} label={label} back={back} />
      </div>
      <ol className="phone-only loop-list">
        {stations.map((station) => (
          <li key={station.key} data-open={station.span === "open" || undefined}>
            <StationLink station={station}>
              <StatusMark status={station.status} size={16} />
              <b>{station.name}</b>
              <span className={`headline ${tone(station)}`}>{station.headline}</span>
              <small>{station.detail}</small>
            </StationLink>
          </li>
        ))}
      </ol>
    </section>
  );
}

function StationWords({ station }: { station: Station }) {
  return (
    <StationLink station={station}>
      <b>{station.name}</b>
      <span className={`headline ${tone(station)}`}>{station.headline}</span>
      <small>{station.detail}</small>
    </StationLink>
  );
}

function StationLink({ station, children }: { station: Station; children: ReactNode }) {
  return (
    <Go className="station" to={station.to}>
      {children}
    </Go>
  );
}

/** Healthy is quiet: only what is wrong or waits takes its colour. */
function tone({ status }: Station): string {
  if (status === "idle") return "quiet";
  return status === "warn" || status === "crit" || status === "waiting" ? `is-${status}` : "";
}

function Bridge({ stations, label, back }: { stations: readonly Station[]; label: string; back: Back }) {
  const { t } = useWords();
  const at = stations.map((_, index) => FIRST + index * STEP);
  const end = WIDTH - 14;
  return (
    <svg viewBox={`0 0 ${WIDTH} 118`} width="100%" role="img" aria-label={label}>
      {stations.map((station, index) => {
        const x = at[index] ?? FIRST;
        const next = at[index + 1] ?? end - 12;
        const isOpen = station.span === "open";
        return (
          <g key={station.key} stroke="var(--line-strong)" opacity={isOpen ? 0.35 : 0.55} fill="none">
            <path
              d={`M${x + 5} 66C${x + 5} 24 ${next - 5} 24 ${next - 5} 66`}
              strokeDasharray={isOpen ? "2 4" : undefined}
            />
            <path d={`M${x} 24V70`} />
          </g>
        );
      })}
      <path d={`M${end - 7} 24V70`} stroke="var(--line-strong)" opacity=".35" />
      <g stroke="var(--live)">
        <path d={`M0 ${WATER}H${WIDTH - 30}`} opacity=".5" />
        <path d={`M36 ${WATER + 5}H${WIDTH - 80}`} opacity=".32" strokeDasharray="46 10 120 16" />
        <path d={`M90 ${WATER + 10}H${WIDTH - 156}`} opacity=".18" strokeDasharray="26 30 60 40" />
      </g>
      {stations.map((station, index) => (
        <Deck key={station.key} span={station.span} from={at[index] ?? FIRST} to={at[index + 1] ?? end} />
      ))}
      <WayBack back={back} from={end} pipelines={at[PIPELINES] ?? FIRST} words={t("loop.wayBack")} />
      {stations.map((station, index) => (
        <g key={station.key}>
          <circle cx={at[index]} cy={DECK} r="10" fill="var(--surface)" />
          <StatusShape status={station.status} at={[at[index] ?? FIRST, DECK]} size={16} />
        </g>
      ))}
    </svg>
  );
}

/** One stretch: solid is idle, chevrons move now, violet dots are held for a person, grey dots are not reached. */
function Deck({ span, from, to }: { span: Station["span"]; from: number; to: number }) {
  const line = `M${from} ${DECK}H${to}`;
  switch (span) {
    case "solid":
      return <path d={line} stroke="var(--line-strong)" strokeWidth="2" />;
    case "held":
      return (
        <path
          d={line}
          stroke="var(--candidate)"
          strokeWidth="2"
          strokeDasharray="2 5"
          strokeLinecap="round"
        />
      );
    case "open":
      return (
        <path
          d={line}
          stroke="var(--line-strong)"
          strokeWidth="2"
          strokeDasharray="2 5"
          strokeLinecap="round"
        />
      );
    case "moving": {
      const middle = (from + to) / 2;
      return (
        <>
          <path d={line} stroke="var(--live)" strokeWidth="2" />
          <g className="flow" fill="none">
            {[-10, -3, 4].map((shift) => (
              <g key={shift}>
                <path d={chevron(middle + shift)} stroke="var(--surface)" strokeWidth="5" />
                <path d={chevron(middle + shift)} stroke="var(--live)" strokeWidth="2" />
              </g>
            ))}
          </g>
        </>
      );
    }
    default:
      return span satisfies never;
  }
}

function chevron(x: number): string {
  return `M${x} ${DECK - 5}l5 5l-5 5`;
}

/** The way back runs under the water to where a retraining begins; from there fresh rows go to the data. */
function WayBack({
  back,
  from,
  pipelines,
  words,
}: {
  back: Back;
  from: number;
  pipelines: number;
  words: string;
}) {
  const isUsed = back.reason !== undefined;
  const colour = !isUsed ? "line-strong" : back.span === "held" ? "candidate" : "live";
  const to = isUsed ? pipelines : FIRST;
  const dashes = isUsed && back.span !== "held" ? undefined : back.span === "solid" ? undefined : "2 5";
  return (
    <g>
      <path
        d={`M${from} ${DECK}q12 0 12 12V92q0 12 -12 12H${to + 12}q-12 0 -12 -12V92`}
        fill="none"
        stroke={`var(--${colour})`}
        strokeWidth={isUsed ? 2 : 1.5}
        strokeDasharray={dashes}
        strokeLinecap="round"
      />
      <Arrow at={to} colour={colour} />
      {back.reason === undefined ? null : (
        <>
          <path
            d={`M${pipelines - 6} 104H${FIRST + 12}q-12 0 -12 -12V92`}
            fill="none"
            stroke="var(--line-strong)"
            strokeWidth="1.5"
          />
          <Arrow at={FIRST} colour="line-strong" />
          <Words at={(from + pipelines) / 2} words={shortened(back.reason)} />
        </>
      )}
      <Words at={back.reason === undefined ? (from + FIRST) / 2 : (pipelines + FIRST) / 2} words={words} />
    </g>
  );
}

function Arrow({ at, colour }: { at: number; colour: string }) {
  return (
    <path
      d={`M${at - 4} 96L${at} 90L${at + 4} 96`}
      fill="none"
      stroke={`var(--${colour})`}
      strokeWidth="1.5"
    />
  );
}

/** Words on the way back, on a ground of their own. */
function Words({ at, words }: { at: number; words: string }) {
  const wide = 16 + words.length * 6;
  return (
    <>
      <rect x={at - wide / 2} y="95" width={wide} height="18" fill="var(--surface)" />
      <text className="middle" x={at} y="108">
        {words}
      </text>
    </>
  );
}

/** A reason that is too long for the drawing is told in full where it leads. */
function shortened(reason: string): string {
  return reason.length > 96 ? `${reason.slice(0, 95)}…` : reason;
}
