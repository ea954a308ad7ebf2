import type { SignatureInput } from "@causeway/contract";
import type { ColumnPlan, GroupPlan, KeptSummary } from "../data/index.ts";
import { inputColumn } from "../deployments/index.ts";
import type { ReferenceProfile } from "../registry/index.ts";
import { ANSWERED_NUMBER, ANSWERED_TEXT } from "./log-query.ts";
import type { MeasureOrder, WindowProfile } from "./measure-order.ts";
import type { Counted } from "./window-assembly.ts";

/** The key of the answers among the edges of a window; no input is called like this. */
const ANSWER = "\u0000answer";

/** The bins that a window was counted in, by column. */
export function edgesOf({ columns, prediction }: WindowProfile): ReadonlyMap<string, readonly number[]> {
  const all = [...columns, ...(prediction === null ? [] : [{ name: ANSWER, summary: prediction }])];
  return new Map(all.map(({ name, summary }) => [name, summary.kind === "numeric" ? summary.edges : []]));
}

/** The bins of a reference, by column. */
export function referenceEdgesOf({
  columns,
  prediction,
}: ReferenceProfile): ReadonlyMap<string, readonly number[]> {
  return edgesOf({ version: 0, columns, prediction: prediction?.summary ?? null });
}

/** What a window counts: the columns of its version's reference, in its bins and in those of the season. */
export function planColumns(
  { served, reference, seasonEdges }: Counted,
  { settings }: MeasureOrder,
): GroupPlan {
  const plan = new Map<string, ColumnPlan>();
  if (served === null || reference === null) return plan;
  const inputs = new Map(served.signature.inputs.map((input) => [input.name, input]));
  for (const { name, summary } of reference.columns) {
    const input = inputs.get(name);
    if (input === undefined || settings.drift.without.includes(name)) continue;
    plan.set(inputColumn(name), planOf(summary, { input, season: seasonEdges.get(name) }));
  }
  if (reference.prediction !== null) {
    const { summary } = reference.prediction;
    const key = summary.kind === "numeric" ? ANSWERED_NUMBER : ANSWERED_TEXT;
    plan.set(key, planOf(summary, { season: seasonEdges.get(ANSWER) }));
  }
  return plan;
}

function planOf(
  summary: KeptSummary,
  { input, season }: { input?: SignatureInput; season: readonly number[] | undefined },
): ColumnPlan {
  if (summary.kind === "categorical") {
    const named = Object.keys(summary.counts);
    return { kind: "categorical", named, open: summary.other === 0, known: input?.categories ?? null };
  }
  const own = summary.edges;
  const differs = season !== undefined && season.length > 1 && season.join() !== own.join();
  return { kind: "numeric", edges: differs ? [own, season] : [own], range: input?.range ?? null };
}
