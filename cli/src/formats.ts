const grouped = new Intl.NumberFormat("en-US");

/** 7043 becomes 7,043. */
export function count(value: number): string {
  return grouped.format(value);
}

/** Bytes in binary units: 1536 becomes 1.5 KiB. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

/** A span of time as a person says it: 0.4 s, 12.4 s, 3 min 5 s, 2 h 10 min. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** The start of a digest, enough to name it. */
export function short(digest: string): string {
  return digest.slice(0, 6);
}

/** A metric to three decimals, what is not finite as it is. */
export function metric(value: number | string): string {
  return typeof value === "number" ? value.toFixed(3) : value;
}

/** How far work has come: amount, rate, time left. `startedAt` and `now` in milliseconds. */
export function pace(
  label: string,
  { done, total, unit }: { done: number; total: number | null; unit: string },
  { startedAt, now }: { startedAt: number; now: number },
): string {
  const show = (value: number) => (unit === "bytes" ? bytes(value) : `${count(Math.round(value))} ${unit}`);
  const seconds = Math.max((now - startedAt) / 1000, 0.001);
  const rate = done / seconds;
  const parts = [total === null ? show(done) : `${show(done)} of ${show(total)}`, `${show(rate)}/s`];
  if (total !== null && done > 0 && done < total)
    parts.push(`${duration(((total - done) / rate) * 1000)} left`);
  return `${label}  ${parts.join("  ")}`;
}
