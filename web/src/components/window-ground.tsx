import type { Place } from "./plot.ts";
import { type MetricAxis, type Twin, twinSlots } from "./window-lines.ts";
import { referenceStretches } from "./window-metric.ts";

/** Height of the strip that tells how many labels have come. */
export const STRIP_PX = 14;

/** What lies under the lines: chosen window, alerts, missing labels, the area that the loop won, reference, alarm level. */
export function Ground({
  axis,
  place,
  level,
  firing,
  twin,
  selected,
}: {
  axis: MetricAxis;
  place: Place;
  level: number | null;
  firing: ReadonlyArray<{ from: number; to: number }>;
  twin: Twin | undefined;
  selected: string | undefined;
}) {
  const tall = place.bottom - place.top;
  const column = (x: number) => ({ x: place.x(x - 0.5), width: place.x(x + 0.5) - place.x(x - 0.5) });
  const chosen = axis.slots.find(({ window }) => window.start === selected);
  const windows = axis.slots.map(({ window }) => window);
  return (
    <>
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V6" stroke="var(--hatch)" strokeWidth="2" />
        </pattern>
      </defs>
      {firing.map(({ from, to }) => {
        const x = place.x(axis.at(from));
        return (
          <rect
            key={from}
            x={x}
            y={place.top}
            width={Math.max(0, place.x(axis.at(to)) - x)}
            height={tall}
            fill="var(--crit-tint)"
          />
        );
      })}
      {twin === undefined ? null : <Won axis={axis} place={place} twin={twin} />}
      {axis.slots
        .filter(({ window }) => !window.settled)
        .map(({ x, window }) => (
          <rect key={window.start} {...column(x)} y={place.top} height={tall} fill="url(#hatch)" />
        ))}
      {chosen === undefined ? null : (
        <rect
          {...column(chosen.x)}
          y={place.top}
          height={tall + STRIP_PX + 6}
          rx="3"
          fill="none"
          stroke="var(--accent)"
          strokeWidth="1.5"
        />
      )}
      {(twin === undefined ? referenceStretches(windows) : []).map(({ from, to, value }) => {
        const first = axis.slots[from];
        const last = axis.slots[to];
        return first === undefined || last === undefined ? null : (
          <path
            key={first.window.start}
            d={`M${place.x(first.x - 0.5)} ${place.y(value)}H${place.x(last.x + 0.5)}`}
            stroke="var(--reference)"
            strokeWidth="2"
          />
        );
      })}
      {level === null ? null : (
        <path
          d={`M${place.left} ${place.y(level)}H${place.right}`}
          stroke="var(--crit)"
          strokeWidth="1.5"
          strokeDasharray="2 3"
        />
      )}
      <OpenTail axis={axis} place={place} />
    </>
  );
}

/** From the last settled value on, the line is dashed: more labels will move it. */
function OpenTail({ axis, place }: { axis: MetricAxis; place: Place }) {
  const known = axis.slots.filter(({ window }) => window.value !== null);
  const parts = known.flatMap((slot, index) => {
    const next = known[index + 1];
    return next !== undefined && next.x - slot.x === 1 && (!next.window.settled || !slot.window.settled)
      ? [
          `M${place.x(slot.x)} ${place.y(slot.window.value ?? 0)}L${place.x(next.x)} ${place.y(next.window.value ?? 0)}`,
        ]
      : [];
  });
  const whiskers = known.flatMap(({ x, window }) =>
    window.settled || window.low === null || window.high === null
      ? []
      : [`M${place.x(x)} ${place.y(window.low)}V${place.y(window.high)}`],
  );
  return (
    <g stroke="var(--live)" strokeWidth="1.5" fill="none">
      <path d={parts.join("")} strokeDasharray="4 3" />
      <path d={whiskers.join("")} />
    </g>
  );
}

/** The area between the line and its twin: what the loop brought. */
function Won({ axis, place, twin }: { axis: MetricAxis; place: Place; twin: Twin }) {
  const others = new Map(twinSlots(axis, twin).map(({ x, window }) => [x, window.value ?? 0]));
  const both = axis.slots.flatMap(({ x, window }) => {
    const other = others.get(x);
    return window.value === null || other === undefined ? [] : [{ x, own: window.value, other }];
  });
  if (both.length < 2) return null;
  const upper = both.map(({ x, own }) => `${place.x(x)} ${place.y(own)}`);
  const lower = both.map(({ x, other }) => `${place.x(x)} ${place.y(other)}`).reverse();
  return <path d={`M${[...upper, ...lower].join("L")}Z`} fill="var(--live-fill)" opacity="0.25" />;
}
