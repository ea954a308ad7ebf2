import type { ColumnShape } from "@causeway/contract";
import type { CategoricalSummary, ColumnSummary, NumericSummary } from "@causeway/statistics";

const MOST_BINS = 24;
const MOST_VALUES = 30;

/** How a column is drawn: bins of about equal width over what most rows hold, or the most frequent values. */
export function columnShape(reference: ColumnSummary, current: ColumnSummary): ColumnShape | null {
  if (reference.kind === "numeric" && current.kind === "numeric") return numericShape(reference, current);
  if (reference.kind === "categorical" && current.kind === "categorical")
    return categoricalShape(reference, current);
  return null;
}

/** Joins the fine bins, which hold about as many rows each, into a few that are about as wide. */
function numericShape(reference: NumericSummary, current: NumericSummary): ColumnShape {
  const { edges } = reference;
  const low = quantile(reference, 0.01);
  const high = quantile(reference, 0.99);
  const step = (high - low) / MOST_BINS;
  const starts = [0];
  for (let bin = 1; bin < edges.length - 1; bin++) {
    const edge = edges[bin] ?? 0;
    const since = edges[starts.at(-1) ?? 0] ?? 0;
    const place = starts.length === 1 ? low : since + step;
    if (edge >= place && edge <= high && starts.length < MOST_BINS + 1) starts.push(bin);
  }
  const join = (counts: readonly number[]) =>
    starts.map((from, index) =>
      counts.slice(from, starts[index + 1] ?? counts.length).reduce((sum, rows) => sum + rows, 0),
    );
  return {
    kind: "numeric",
    edges: [...starts.map((bin) => edges[bin] ?? 0), edges.at(-1) ?? 0],
    current: join(current.counts),
    reference: join(reference.counts),
    medians: { current: medianOf(current), reference: medianOf(reference) },
  };
}

function medianOf(summary: NumericSummary): number | null {
  return summary.rows === 0 ? null : quantile(summary, 0.5);
}

/** The quantile on the line through the bin that holds it, within what was seen. */
function quantile({ edges, counts, rows, min, max }: NumericSummary, p: number): number {
  let left = p * rows;
  for (const [bin, count] of counts.entries()) {
    if (count > 0 && left <= count) {
      const from = Math.max(edges[bin] ?? min, min);
      const to = Math.min(edges[bin + 1] ?? max, max);
      return from + Math.max(0, to - from) * (left / count);
    }
    left -= count;
  }
  return max;
}

function categoricalShape(reference: CategoricalSummary, current: CategoricalSummary): ColumnShape {
  const names = [...new Set([...Object.keys(reference.counts), ...Object.keys(current.counts)])];
  const lines = names.map((value) => ({
    value,
    current: current.counts[value] ?? 0,
    reference: reference.counts[value] ?? 0,
  }));
  lines.sort((a, b) => b.reference - a.reference || b.current - a.current || (a.value < b.value ? -1 : 1));
  const values = lines.slice(0, MOST_VALUES);
  const rest = (side: "current" | "reference", total: number) =>
    total - values.reduce((sum, line) => sum + line[side], 0);
  return {
    kind: "categorical",
    values,
    other: { current: rest("current", current.rows), reference: rest("reference", reference.rows) },
  };
}
