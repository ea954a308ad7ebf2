import type { Estimate } from "@causeway/contract";

/** A measured value as people read it: "0.846 (0.821 to 0.869)", three decimals below 100, else whole. */
export function estimateText({ value, low, high }: Pick<Estimate, "value" | "low" | "high">): string {
  const shown = numberText(value);
  return low === null || high === null ? shown : `${shown} (${numberText(low)} to ${numberText(high)})`;
}

/** A count with separators: "1,409". */
export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

function numberText(value: number): string {
  return Math.abs(value) < 100
    ? value.toFixed(3)
    : value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}
