/** Bars from a zero baseline, one per bin; the label says what they show. */
export function Histogram({
  counts,
  label,
  width = 240,
  height = 64,
}: {
  counts: readonly number[];
  label: string;
  width?: number;
  height?: number;
}) {
  const most = Math.max(1, ...counts);
  const bar = width / Math.max(1, counts.length);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {counts.map((count, index) => {
        const tall = count === 0 ? 0 : Math.max(1, (count / most) * (height - 1));
        return (
          <rect
            // Bins have no other name than their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            key={index}
            x={index * bar + 0.5}
            y={height - 1 - tall}
            width={Math.max(0.5, bar - 1)}
            height={tall}
            fill="var(--live)"
          />
        );
      })}
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line-strong)" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

/** Values with their share as a bar behind the text: what a column of text holds most. */
export function TopValues({
  values,
  total,
  write,
}: {
  values: ReadonlyArray<{ value: string; count: number }>;
  total: number;
  write: (count: number) => string;
}) {
  const most = Math.max(1, ...values.map(({ count }) => count));
  return (
    <ul className="top-values">
      {values.map(({ value, count }) => (
        <li key={value} title={`${value}: ${write(count)} / ${write(total)}`}>
          <span className="bar" style={{ width: `${(count / most) * 100}%` }} />
          <span className="text">{value}</span>
          <span className="number">{write(count)}</span>
        </li>
      ))}
    </ul>
  );
}
