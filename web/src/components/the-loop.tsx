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
  /** Where it leads; absent for what is not built. */
  to?: string | undefined;
  span: "solid" | "moving" | "held" | "open";
};

const WIDTH = 1184;
const FIRST = 8;
const STEP = (WIDTH - 2 * FIRST - 0.5) / 6.91;
const DECK = 16;
const WATER = 71;

/** The bridge of seven stages with what happens on it now; on a phone the same as a list. */
export function TheLoop({ stations, label }: { stations: readonly Station[]; label: string }) {
  return (
    <section className="loop" aria-label={label}>
      <div className="desk-only">
        <div className="stations">
          {stations.map((station) => (
            <StationWords key={station.key} station={station} />
          ))}
        </div>
        <Bridge stations={stations} label={label} />
      </div>
      <ol className="phone-only loop-list">
        {stations.map((station) => (
          <li key={station.key} data-open={station.to === undefined || undefined}>
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
  return station.to === undefined ? (
    <div className="station unbuilt">{children}</div>
  ) : (
    <Go className="station" to={station.to}>
      {children}
    </Go>
  );
}

/** Healthy is quiet: only what is wrong or waits takes its colour. */
function tone({ status, to }: Station): string {
  if (to === undefined) return "quiet";
  return status === "warn" || status === "crit" || status === "waiting" ? `is-${status}` : "";
}

function Bridge({ stations, label }: { stations: readonly Station[]; label: string }) {
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
      <WayBack from={end} to={FIRST} words={t("loop.wayBack")} />
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

/** The way back runs under the water; it is dotted because its stages are not built. */
function WayBack({ from, to, words }: { from: number; to: number; words: string }) {
  const wide = 16 + words.length * 6;
  const x = (from + to) / 2 - wide / 2;
  return (
    <g>
      <path
        d={`M${from} ${DECK}q12 0 12 12V92q0 12 -12 12H${to + 12}q-12 0 -12 -12V92`}
        fill="none"
        stroke="var(--line-strong)"
        strokeWidth="1.5"
        strokeDasharray="2 5"
        strokeLinecap="round"
      />
      <path
        d={`M${to - 4} 96L${to} 90L${to + 4} 96`}
        fill="none"
        stroke="var(--line-strong)"
        strokeWidth="1.5"
      />
      <rect x={x} y="95" width={wide} height="18" fill="var(--surface)" />
      <text className="middle" x={(from + to) / 2} y="108">
        {words}
      </text>
    </g>
  );
}
