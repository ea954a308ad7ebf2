import { fanOut, type Place } from "./plot.ts";
import { type Status, StatusShape } from "./status-mark.tsx";

/** Something that happened at a moment of event time, as it is marked above a chart. */
export type Marker = { key: string; at: number; status: Status; title: string; text?: string | undefined };

const LETTER = 6.1;
const MARK = 18;

/** The width that a marker's words take, in px. */
function markerWidth({ title, text = "" }: Marker): number {
  return MARK + Math.max(title.length * 1.06, text.length) * LETTER + 10;
}

/** Whether all words fit side by side; else the markers are numbered and told below. */
export function markersFit(markers: readonly Marker[], room: number): boolean {
  return markers.reduce((sum, marker) => sum + markerWidth(marker), 0) <= room;
}

/** Markers in their lane; crowded ones fan out, each hairline stays at its true moment. */
export function MarkerLane({
  markers,
  place,
  at,
  fit,
}: {
  markers: readonly Marker[];
  place: Place;
  /** The position on the axis of a moment in milliseconds. */
  at: (time: number) => number;
  fit: boolean;
}) {
  const sorted = [...markers].sort((a, b) => a.at - b.at);
  const xs = sorted.map((marker) => place.x(at(marker.at)));
  const wide = sorted.map((marker) => (fit ? markerWidth(marker) : MARK));
  const labels = fanOut(
    xs.map((x, index) => ({ at: x - 6, wide: wide[index] ?? MARK })),
    { from: place.left - 6, to: place.right + (fit ? 60 : 8) },
  );
  const lane = fit && sorted.some(({ text }) => text !== undefined) ? 32 : 20;
  return (
    <>
      {sorted.map((marker, index) => {
        const x = xs[index] ?? 0;
        const from = (labels[index] ?? 0) + 6;
        return (
          <g key={marker.key}>
            <path
              d={`M${from} ${lane - 4}V${lane}L${x} ${place.top - 2}V${place.bottom}`}
              fill="none"
              stroke="var(--line-strong)"
              opacity={0.7}
            />
            <StatusShape status={marker.status} at={[from, 9]} size={12} />
            {fit ? (
              <>
                <text className="strong" x={from + 10} y={13}>
                  {marker.title}
                </text>
                {marker.text === undefined ? null : (
                  <text x={from + 10} y={27}>
                    {marker.text}
                  </text>
                )}
              </>
            ) : (
              <text className="strong middle" x={from} y={27}>
                {index + 1}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** The words of numbered markers, below a chart that is too narrow for them. */
export function MarkerLegend({ markers }: { markers: readonly Marker[] }) {
  const sorted = [...markers].sort((a, b) => a.at - b.at);
  return (
    <ol className="marker-legend">
      {sorted.map(({ key, title, text }, index) => (
        <li key={key}>
          <b>{index + 1}</b> {title}
          {text === undefined ? "" : `, ${text}`}
        </li>
      ))}
    </ol>
  );
}
