import type { Estimate } from "@causeway/contract";

const grouped = new Intl.NumberFormat("en-US");

/** "0.771 (0.755 to 0.787)", or the value alone where it has no interval. */
export function shown({ value, low, high }: Pick<Estimate, "value" | "low" | "high">): string {
  const text = figure(value);
  return low === null || high === null ? text : `${text} (${figure(low)} to ${figure(high)})`;
}

/** A metric to three decimals, amounts beyond 1,000 to none. */
function figure(value: number): string {
  return Math.abs(value) >= 1_000 ? grouped.format(Math.round(value)) : value.toFixed(3);
}

/** "1 row", "2,345 rows". */
export function counted(count: number, noun: string): string {
  return `${grouped.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}
