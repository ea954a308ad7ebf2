import { useWords } from "../lib/words.tsx";
import { fanOut, type Place } from "./plot.ts";
import { shortTitle, titleStep } from "./window-axis.ts";
import { STRIP_PX } from "./window-ground.tsx";
import { type MetricAxis, type Twin, twinSlots } from "./window-lines.ts";
import { windowName } from "./window-name.ts";

/** From this share of labels on, the strip's word is left out. */
const FULL = 0.995;
/** Room of a value with its name at the end of a line. */
const NAME_PX = 30;

/** How much of each window's truth has come, and the windows' names. */
export function LabelStrip({ axis, place }: { axis: MetricAxis; place: Place }) {
  const { t, format } = useWords();
  const step = place.x(1) - place.x(0);
  const titles = axis.slots.map(({ window }) => windowName(shortTitle(window.title), { t, format }));
  const every = titleStep(titles, step);
  const top = place.bottom + 4;
  return (
    <>
      {place.left < 120 ? null : (
        <text x="0" y={top + 11}>
          {t("monitoring.labelsArrived")}
        </text>
      )}
      <path d={`M${place.left} ${place.bottom}H${place.right}`} stroke="var(--line-strong)" />
      {axis.slots.map(({ x, window }, index) => {
        const left = place.x(x - 0.5) + 0.5;
        const wide = Math.max(1, step - 1);
        const share = window.share ?? 0;
        const isNamed = (axis.slots.length - 1 - index) % every === 0;
        return (
          <g key={window.start}>
            <rect x={left} y={top} width={wide} height={STRIP_PX} fill="var(--heat-0)" />
            <rect
              x={left}
              y={top}
              width={wide * Math.min(1, share)}
              height={STRIP_PX}
              fill="var(--live-fill)"
            />
            {share >= FULL || step < 28 || window.share === null ? null : (
              <text className="middle cell" x={place.x(x)} y={top + 11}>
                {format.percent(share, 0)}
              </text>
            )}
            {isNamed ? (
              <text className="middle" x={place.x(x)} y={top + STRIP_PX + 15}>
                {titles[index]}
              </text>
            ) : null}
          </g>
        );
      })}
    </>
  );
}

/** What stands at the right end of the lines, and the chosen window's value beside its point. */
export function EndWords({
  axis,
  place,
  level,
  twin,
  name,
  selected,
}: {
  axis: MetricAxis;
  place: Place;
  level: number | null;
  twin: Twin | undefined;
  name: string | undefined;
  selected: string | undefined;
}) {
  const { t, format } = useWords();
  const last = axis.slots.findLast(({ window }) => window.value !== null);
  const chosen = axis.slots.find(({ window }) => window.start === selected && window.value !== null);
  const reference = axis.slots.findLast(({ window }) => window.reference !== null)?.window.reference;
  const promised = axis.slots.findLast(({ window }) => window.promised !== null)?.window.promised;
  const x = place.right + 6;
  const other = twin === undefined ? undefined : twinSlots(axis, twin).at(-1)?.window.value;
  const own = last?.window.value;
  const ends = [
    ...(twin !== undefined && own != null ? [{ value: own, word: name ?? "", token: "live" }] : []),
    ...(twin !== undefined && other != null ? [{ value: other, word: twin.name, token: "reference" }] : []),
  ].sort((a, b) => place.y(a.value) - place.y(b.value));
  const ys = fanOut(
    ends.map(({ value }) => ({ at: place.y(value), wide: NAME_PX })),
    { from: place.top, to: place.bottom + NAME_PX },
  );
  return (
    <>
      {ends.map(({ value, word, token }, index) => (
        <g key={token}>
          <text className="strong" x={x} y={ys[index]} style={{ fill: `var(--${token})` }}>
            {format.metric(value)}
          </text>
          <text x={x} y={(ys[index] ?? 0) + 14}>
            {word}
          </text>
        </g>
      ))}
      {twin !== undefined || reference == null ? null : (
        <text x={x} y={place.y(reference) + 4}>
          {t("monitoring.referenceShort", { value: format.metric(reference) })}
        </text>
      )}
      {twin !== undefined || promised == null || !isApart(place, promised, [reference, level, own]) ? null : (
        <text className="is-live-text" x={x} y={place.y(promised) + 4}>
          {t("monitoring.promised")}
        </text>
      )}
      {twin !== undefined || level === null ? null : (
        <text className="is-crit-text" x={x} y={levelY(place, level, reference ?? null)}>
          {t("monitoring.alarmShort", { value: format.metric(level) })}
        </text>
      )}
      {chosen === undefined ? null : (
        <text
          className={chosen.window.alarmed ? "strong end halo is-crit-text" : "strong middle halo"}
          x={place.x(chosen.x) - (chosen.window.alarmed ? 7 : 0)}
          y={place.y(chosen.window.value ?? 0) + (chosen.window.alarmed ? 4 : 20)}
        >
          {format.metric(chosen.window.value ?? 0)}
        </text>
      )}
    </>
  );
}

/** The level's word keeps clear of the reference's. */
function levelY(place: Place, level: number, reference: number | null): number {
  const y = place.y(level) + 4;
  if (reference === null) return y;
  const other = place.y(reference) + 4;
  if (Math.abs(y - other) >= 13) return y;
  return y >= other ? other + 13 : other - 13;
}

/** Whether a word at a value would stand clear of the words at the others. */
function isApart(place: Place, value: number, others: ReadonlyArray<number | null | undefined>): boolean {
  return others.every((other) => other == null || Math.abs(place.y(other) - place.y(value)) >= 16);
}
