import type { EvaluationReport } from "@causeway/contract";
import { useWords } from "../../lib/words.tsx";

type Roc = NonNullable<EvaluationReport["roc"]>;
type Calibration = NonNullable<EvaluationReport["calibration"]>;

const SIZE = { left: 30, top: 4, width: 220, height: 172 };

/** True against false positive rate; the diagonal is guessing. */
export function RocCurve({ of, champion }: { of: Roc; champion: Roc | null }) {
  const { t } = useWords();
  const line = (curve: Roc) =>
    path(
      [...curve]
        .sort((a, b) => a.falsePositiveRate - b.falsePositiveRate || a.truePositiveRate - b.truePositiveRate)
        .map(({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate]),
    );
  return (
    <Square label={t("registry.roc")} axis={t("registry.rocAxis")}>
      {champion === null ? null : (
        <path d={line(champion)} fill="none" stroke="var(--live)" strokeWidth="2" />
      )}
      <path d={line(of)} fill="none" stroke="var(--candidate)" strokeWidth="2" />
    </Square>
  );
}

/** Observed share against predicted; on the diagonal the probabilities can be believed. */
export function Reliability({ of, champion }: { of: Calibration; champion: Calibration | null }) {
  const { t, format } = useWords();
  const line = (bins: Calibration) => path(bins.map(({ predicted, observed }) => [predicted, observed]));
  return (
    <Square label={t("registry.calibration")} axis={t("registry.calibrationAxis")}>
      {champion === null ? null : (
        <path d={line(champion)} fill="none" stroke="var(--live)" strokeWidth="2" />
      )}
      <path d={line(of)} fill="none" stroke="var(--candidate)" strokeWidth="2" />
      {of.map(({ predicted, observed, rows }) => {
        const [x, y] = spot(predicted, observed);
        return (
          <circle key={`${predicted}:${observed}`} cx={x} cy={y} r="3" fill="var(--candidate)">
            <title>
              {t("registry.calibrationPoint", {
                predicted: format.percent(predicted),
                observed: format.percent(observed),
                rows: format.count(rows),
              })}
            </title>
          </circle>
        );
      })}
    </Square>
  );
}

/** Who was taken for whom: rows are the truth, columns the prediction, shares within the truth. */
export function Confusion({ of: { labels, counts } }: { of: NonNullable<EvaluationReport["confusion"]> }) {
  const { t, format } = useWords();
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
    <section className="scroll" tabIndex={0} aria-label={t("registry.confusion")}>
      <table className="table confusion">
        <thead>
          <tr>
            <th scope="col">{t("registry.truth")}</th>
            {labels.map((label) => (
              <th key={label} scope="col" className="number">
                {t("registry.predictedAs", { label })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, row) => {
            const all = (counts[row] ?? []).reduce((sum, count) => sum + count, 0);
            return (
              <tr key={label}>
                <th scope="row">{label}</th>
                {labels.map((other, column) => {
                  const count = counts[row]?.[column] ?? 0;
                  return (
                    <td key={other} className={row === column ? "number strong" : "number"}>
                      {format.count(count)}{" "}
                      <span className="quiet">{format.percent(count / Math.max(1, all))}</span>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Square({ label, axis, children }: { label: string; axis: string; children: React.ReactNode }) {
  const { format } = useWords();
  const { left, top, width, height } = SIZE;
  return (
    <svg viewBox="0 0 262 210" width="262" height="210" role="img" aria-label={label}>
      {[0, 0.5, 1].map((at) => (
        <g key={at}>
          <path d={`M${left} ${top + height * (1 - at)}h${width}`} stroke="var(--grid)" />
          <text className="end" x={left - 5} y={top + height * (1 - at) + 4}>
            {format.percent(at, 0).replace(/\s?%/, "")}
          </text>
          <text className="middle" x={left + width * at} y={top + height + 15}>
            {format.percent(at, 0).replace(/\s?%/, "")}
          </text>
        </g>
      ))}
      <path
        d={`M${left} ${top + height}L${left + width} ${top}`}
        stroke="var(--line-strong)"
        strokeDasharray="3 3"
      />
      {children}
      <text className="middle" x={left + width / 2} y={top + height + 30}>
        {axis}
      </text>
    </svg>
  );
}

function spot(x: number, y: number): [number, number] {
  return [SIZE.left + x * SIZE.width, SIZE.top + (1 - y) * SIZE.height];
}

function path(points: ReadonlyArray<readonly [number, number]>): string {
  return points
    .map(
      ([x, y], index) =>
        `${index === 0 ? "M" : "L"}${spot(x, y)
          .map((each) => each.toFixed(1))
          .join(" ")}`,
    )
    .join("");
}
