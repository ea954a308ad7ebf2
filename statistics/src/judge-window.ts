import type { ColumnComparison } from "./compare-column.ts";
import { controlFalseDiscovery } from "./false-discovery.ts";

/** What a window says of one column after all others were looked at. */
export interface ColumnVerdict {
  readonly adjustedP: number;
  readonly drifted: boolean;
  readonly missingAdjustedP: number;
  readonly missingDrifted: boolean;
}

/**
 * Decides which columns of a window drifted: adjusted p at or under the window's level, and a change of at least `effect`
 * (of the values' distribution, or of the share of missing values). Everything that the window tests is one family, so
 * that a window where nothing changed alarms at the rate of its level: pass the columns together with the prediction.
 */
export function judgeWindow(
  columns: readonly ColumnComparison[],
  { level, effect }: { level: number; effect: number },
): ColumnVerdict[] {
  const adjusted = controlFalseDiscovery(columns.flatMap(({ pValue, missingP }) => [pValue, missingP]));
  return columns.map((column, i) => {
    const adjustedP = adjusted[2 * i] ?? 1;
    const missingAdjustedP = adjusted[2 * i + 1] ?? 1;
    return {
      adjustedP,
      drifted: adjustedP <= level && column.effect >= effect,
      missingAdjustedP,
      missingDrifted: missingAdjustedP <= level && Math.abs(column.missingChange) >= effect,
    };
  });
}
