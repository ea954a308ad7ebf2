import { z } from "zod";
import { Real } from "./resource.ts";

/** How the rows of a column are counted beside those of the reference, in the same bins. */
export const ColumnShape = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("numeric"),
    /** One longer than the counts; the first and last bin also hold what lies beyond. */
    edges: z.array(z.number()),
    current: z.array(z.int()),
    reference: z.array(z.int()),
    medians: z.object({ current: z.number().nullable(), reference: z.number().nullable() }),
  }),
  z.object({
    kind: z.literal("categorical"),
    /** By rows in the reference, most first; at most 30, and `other` for the rest. */
    values: z.array(z.object({ value: z.string(), current: z.int(), reference: z.int() })),
    other: z.object({ current: z.int(), reference: z.int() }),
  }),
]);
export type ColumnShape = z.infer<typeof ColumnShape>;

/** A figure of a drift test of the statistics catalog. `exactness` says what it was computed from. */
export const DriftScore = z.object({
  method: z.string(),
  score: Real,
  /** The score from which on it counts as drift by convention; null for tests that decide by p. */
  limit: z.number().nullable(),
  pValue: z.number().nullable(),
  exactness: z.enum(["exact", "sketched"]),
  /** Bound on the error of a sketched score; null for exact ones. */
  errorBound: z.number().nullable(),
});
export type DriftScore = z.infer<typeof DriftScore>;

/** One column of one window against the reference. */
export const ColumnDrift = z.object({
  column: z.string(),
  kind: z.enum(["numeric", "categorical"]),
  /** Rows with a value, now and in the reference. */
  rows: z.int(),
  referenceRows: z.int(),
  /** Size of the change: Kolmogorov-Smirnov distance of numbers, total variation of categories; 0 to 1. */
  effect: z.number(),
  /** Least effect that counts. */
  effectLimit: z.number(),
  /** Of the test that decides, before and after the control of false discoveries over the window's columns. */
  pValue: z.number(),
  adjustedP: z.number(),
  /** Adjusted p at or under the window's level, and the effect large enough. */
  drifted: z.boolean(),
  /** Every test that applies to the column; psi is always among them. */
  scores: z.array(DriftScore),
  missing: z.object({
    share: z.number(),
    referenceShare: z.number(),
    pValue: z.number(),
    drifted: z.boolean(),
  }),
  /** Values outside the training schema: unseen categories, numbers outside the range. */
  outside: z.object({
    rows: z.int(),
    share: z.number(),
    referenceShare: z.number(),
    examples: z.array(z.string()),
  }),
  /** The same window a year ago as a second reference, where there is one. */
  season: z
    .object({ start: z.string(), effect: z.number(), psi: z.number(), drifted: z.boolean() })
    .nullable(),
  shape: ColumnShape,
});
export type ColumnDrift = z.infer<typeof ColumnDrift>;
