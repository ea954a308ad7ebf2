import type { EvaluationReport } from "@causeway/contract";
import { countText, estimateText } from "./estimate-text.ts";

/** A report in one line: "auc 0.846 (0.821 to 0.869), n 1,409". */
export function summarize(report: Pick<EvaluationReport, "metrics" | "rows">): string {
  const [first] = report.metrics;
  const rows = `n ${countText(report.rows)}`;
  return first === undefined ? rows : `${first.name} ${estimateText(first)}, ${rows}`;
}
