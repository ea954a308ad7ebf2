import type { ColumnShape } from "@causeway/contract";
import { useWords } from "../lib/words.tsx";
import { type DrawnBin, type DrawnCategory, drawnBins, drawnCategories } from "./column-shape.ts";
import { niceRange } from "./plot.ts";

const WIDE = 372;
const TALL = 170;
const LEFT = 30;
const FLOOR = 148;
const ROOF = 10;
const BAR = 26;

/** How a column's rows lie now (bars) beside the reference (stepped outline), in the same bins; categories in pairs. */
export function ColumnPicture({
  column,
  shape,
  label,
}: {
  column: string;
  shape: ColumnShape;
  label: string;
}) {
  const { t } = useWords();
  return (
    <>
      {shape.kind === "numeric" ? (
        <NumericPicture column={column} bins={drawnBins(shape)} medians={shape.medians} label={label} />
      ) : (
        <CategoryPicture categories={drawnCategories(shape)} label={label} />
      )}
      <p className="quiet small picture-foot">
        {shape.kind === "numeric"
          ? t("monitoring.pictureNumeric", { column })
          : t("monitoring.pictureCategories", { column })}
      </p>
    </>
  );
}

function NumericPicture({
  column,
  bins,
  medians,
  label,
}: {
  column: string;
  bins: readonly DrawnBin[];
  medians: { current: number | null; reference: number | null };
  label: string;
}) {
  const { format } = useWords();
  const low = bins[0]?.from ?? 0;
  const high = bins.at(-1)?.to ?? 1;
  const { high: most, step } = niceRange(
    [0, ...bins.flatMap(({ current, reference }) => [current, reference])],
    3,
  );
  const x = (value: number) => LEFT + ((value - low) / (high - low || 1)) * (WIDE - LEFT);
  const y = (share: number) => FLOOR - (share / most) * (FLOOR - ROOF);
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
  const outline = bins.map(
    ({ from, to, reference }) => `L${x(from)} ${y(reference)}L${x(to)} ${y(reference)}`,
  );
  const ends = [0, 0.25, 0.5, 0.75, 1].map((part) => low + part * (high - low));
  return (
    <svg viewBox={`0 0 ${WIDE} ${TALL}`} width="100%" role="img" aria-label={label}>
      {ticks.map((share) => (
        <g key={share}>
          <path
            d={`M${LEFT} ${y(share)}H${WIDE}`}
            stroke={share === 0 ? "var(--line-strong)" : "var(--grid)"}
          />
          <text className="end" x={LEFT - 4} y={y(share) + 4}>
            {format.metric(share * 100, step < 0.01 ? 1 : 0)}
          </text>
        </g>
      ))}
      {bins.map(({ from, to, current, reference }) => (
        <rect
          key={from}
          x={x(from) + 0.5}
          y={y(current)}
          width={Math.max(1, x(to) - x(from) - 1)}
          height={Math.max(0, FLOOR - y(current))}
          fill="var(--live)"
          opacity="0.75"
        >
          <title>{`${column} ${format.plain(from)} – ${format.plain(to)}: ${format.percent(current)}, ${format.percent(reference)}`}</title>
        </rect>
      ))}
      <path
        d={`M${LEFT} ${FLOOR}${outline.join("")}L${WIDE} ${FLOOR}`}
        fill="none"
        stroke="var(--surface)"
        strokeWidth="4"
        opacity="0.6"
      />
      <path
        d={`M${LEFT} ${FLOOR}${outline.join("")}L${WIDE} ${FLOOR}`}
        fill="none"
        stroke="var(--reference)"
        strokeWidth="2"
      />
      {(["reference", "current"] as const).map((side) => {
        const median = medians[side];
        if (median === null || median < low || median > high) return null;
        return (
          <path
            key={side}
            d={`M${x(median) - 4} ${FLOOR + 1}l4 -7l4 7z`}
            fill={side === "current" ? "var(--live)" : "var(--reference)"}
            stroke="var(--surface)"
          />
        );
      })}
      {ends.map((value, index) => (
        <text
          key={value}
          className={index === 0 ? undefined : index === ends.length - 1 ? "end" : "middle"}
          x={x(value)}
          y={FLOOR + 16}
        >
          {format.plain(Number(value.toPrecision(3)))}
        </text>
      ))}
    </svg>
  );
}

function CategoryPicture({ categories, label }: { categories: readonly DrawnCategory[]; label: string }) {
  const { t, format } = useWords();
  const most = Math.max(0.01, ...categories.flatMap(({ current, reference }) => [current, reference]));
  const room = WIDE - 176;
  return (
    <svg viewBox={`0 0 ${WIDE} ${categories.length * BAR + 4}`} width="100%" role="img" aria-label={label}>
      {categories.map(({ value, current, reference }, index) => {
        const top = index * BAR + 3;
        const name = value ?? t("monitoring.otherValues");
        return (
          <g key={value ?? " other"}>
            <text className={value === null ? "end" : "end second"} x={108} y={top + 13}>
              {name.length > 17 ? `${name.slice(0, 16)}…` : name}
              <title>{name}</title>
            </text>
            <rect
              x={116}
              y={top + 1}
              width={(current / most) * room}
              height={9}
              fill="var(--live)"
              opacity="0.75"
            />
            <rect
              x={116.5}
              y={top + 12}
              width={(reference / most) * room}
              height={6}
              fill="none"
              stroke="var(--reference)"
              strokeWidth="1.5"
            />
            <text x={122 + (Math.max(current, reference) / most) * room} y={top + 13}>
              {format.percent(current)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
