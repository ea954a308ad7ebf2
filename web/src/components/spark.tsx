/** A line without axes: the course of a few values, the last one dotted. Its numbers stand beside it in the table. */
export function Spark({
  values,
  width = 84,
  height = 22,
  token = "live",
}: {
  values: readonly number[];
  width?: number;
  height?: number;
  token?: "live" | "reference" | "s1";
}) {
  const points = sparkPoints(values, { width, height });
  const last = points.at(-1);
  if (last === undefined) return null;
  return (
    <svg width={width} height={height} aria-hidden="true">
      {points.length > 1 ? (
        <path
          d={points
            .map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`)
            .join("")}
          fill="none"
          stroke={`var(--${token})`}
          strokeWidth="1.5"
          strokeLinejoin="round"
        />
      ) : null}
      <circle cx={last[0]} cy={last[1]} r="2.2" fill={`var(--${token})`} />
    </svg>
  );
}

/** Where the values stand in the box, with room for the dot. Values that are not finite are left out. */
export function sparkPoints(
  values: readonly number[],
  { width, height }: { width: number; height: number },
): [number, number][] {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return [];
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const inset = 3;
  const step = finite.length === 1 ? 0 : (width - 2 * inset) / (finite.length - 1);
  return finite.map((value, index) => [
    finite.length === 1 ? width - inset : inset + index * step,
    high === low ? height / 2 : height - inset - ((value - low) / (high - low)) * (height - 2 * inset),
  ]);
}
