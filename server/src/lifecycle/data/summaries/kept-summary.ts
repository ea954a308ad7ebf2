import type { ColumnSummary } from "@causeway/statistics";
import { z } from "zod";

const Count = z.number().nonnegative();

const Numeric = z.object({
  kind: z.literal("numeric"),
  rows: Count,
  missing: Count,
  nan: Count,
  infinite: Count,
  mean: z.number(),
  m2: z.number(),
  min: z.number(),
  max: z.number(),
  edges: z.array(z.number()),
  counts: z.array(Count),
});

const Categorical = z.object({
  kind: z.literal("categorical"),
  rows: Count,
  missing: Count,
  counts: z.record(z.string(), Count),
  other: Count,
  distinct: Count,
});

/** A column summary as it is kept in files and tables: counts without values. */
export const KeptSummary = z.discriminatedUnion("kind", [
  Numeric,
  Categorical,
]) satisfies z.ZodType<ColumnSummary>;
export type KeptSummary = z.infer<typeof KeptSummary>;

/** Leaves out the values, which are many and whose rows are kept elsewhere. */
export function keptSummary(summary: ColumnSummary): KeptSummary {
  if (summary.kind === "categorical") return { ...summary, counts: { ...summary.counts } };
  const { values: _values, edges, counts, ...rest } = summary;
  return { ...rest, edges: [...edges], counts: [...counts] };
}
