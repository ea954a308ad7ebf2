import type { RuleVerdict } from "@causeway/contract";
import { lowerIsBetter } from "../../components/chart-series.ts";
import { SectionHead } from "../../components/page-frame.tsx";
import { niceRange } from "../../components/plot.ts";
import { tickDecimals } from "../../lib/format.ts";
import { useWords } from "../../lib/words.tsx";
import { diamond } from "./diamond.ts";

type Slice = NonNullable<RuleVerdict["slices"]>[number];

const BOX = { width: 320, height: 24, inset: 10 };
const MOST = 12;

/** For whom: one dumbbell per value of a column, most rows first, champion as a dot and challenger as a diamond. */
export function SliceDumbbells({ verdict, slices }: { verdict: RuleVerdict; slices: readonly Slice[] }) {
  const { t, format } = useWords();
  const { rule } = verdict;
  if (rule.rule !== "at-least" || slices.length === 0) return null;
  const shown = slices.slice(0, MOST);
  const known = shown.flatMap(({ champion, challenger }) =>
    [champion, challenger].filter((value) => value !== null),
  );
  const range = niceRange([...known, rule.value], 3);
  const isLower = lowerIsBetter(rule.metric);
  const decimals = tickDecimals(range.high - range.low);
  const x = (value: number) => {
    const share = (value - range.low) / (range.high - range.low);
    return BOX.inset + (isLower ? 1 - share : share) * (BOX.width - 2 * BOX.inset);
  };
  const ticks = Array.from(
    { length: Math.round((range.high - range.low) / range.step) + 1 },
    (_, index) => range.low + index * range.step,
  );
  return (
    <div>
      <SectionHead
        title={t("registry.slices", { metric: rule.metric, column: rule.slice ?? "" })}
        hint={t("registry.slicesHint", { shown: shown.length, count: slices.length })}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="scroll" tabIndex={0} aria-label={rule.slice ?? rule.metric}>
        <table className="table compact dumbbells">
          <thead>
            <tr>
              <th scope="col">{rule.slice}</th>
              <th scope="col" className="bare">
                <span className="unseen">{t("registry.ruleHead")}</span>
                <svg width={BOX.width} height="16" aria-hidden="true">
                  {ticks.map((tick) => (
                    <text key={tick} className="middle" x={x(tick)} y="12">
                      {format.metric(tick, decimals)}
                    </text>
                  ))}
                </svg>
              </th>
              <th scope="col" className="number">
                {t("words.rows")}
              </th>
              <th scope="col" className="number">
                {t("registry.champion")}
              </th>
              <th scope="col" className="number">
                {t("registry.challenger")}
              </th>
              <th scope="col" className="number">
                {t("data.rowChange")}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((slice) => (
              <tr key={slice.value}>
                <td className="cut">{slice.value}</td>
                <td className="bare">
                  <Dumbbell slice={slice} x={x} ticks={ticks} limit={rule.value} />
                </td>
                <td className="number">{format.count(slice.rows)}</td>
                <td className="number live">
                  {slice.champion === null ? "" : format.metric(slice.champion)}
                </td>
                <td className="number strong candidate">
                  {slice.challenger === null ? "" : format.metric(slice.challenger)}
                </td>
                <td className="number">
                  {slice.champion === null || slice.challenger === null
                    ? ""
                    : format.signed(slice.challenger - slice.champion)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Dumbbell({
  slice: { champion, challenger },
  x,
  ticks,
  limit,
}: {
  slice: Slice;
  x: (value: number) => number;
  ticks: readonly number[];
  limit: number;
}) {
  return (
    <svg width={BOX.width} height={BOX.height} aria-hidden="true">
      <path d={ticks.map((tick) => `M${x(tick)} 0V${BOX.height}`).join("")} stroke="var(--grid)" />
      <path d={`M${x(limit)} 2V22`} stroke="var(--crit)" strokeWidth="1.5" strokeDasharray="2 2" />
      {champion === null || challenger === null ? null : (
        <path d={`M${x(champion)} 12H${x(challenger)}`} stroke="var(--candidate)" strokeWidth="1.75" />
      )}
      {champion === null ? null : <circle cx={x(champion)} cy="12" r="4.5" fill="var(--live)" />}
      {challenger === null ? null : <path d={diamond(x(challenger), 12, 5.5)} fill="var(--candidate)" />}
    </svg>
  );
}
