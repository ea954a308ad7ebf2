import { z } from "zod";
import { Estimate } from "./estimate.ts";

export const QUALITY_PROBLEMS = ["missing", "out-of-range", "unseen"] as const;

/** What is wrong with a column's values, in figures: shares of the rows, and values that were not seen in training. */
export const QualityFact = z.object({
  kind: z.enum(QUALITY_PROBLEMS),
  share: z.number(),
  /** Null where the reference has none by how it was made. */
  referenceShare: z.number().nullable(),
  examples: z.array(z.string()),
});
export type QualityFact = z.infer<typeof QualityFact>;

/** Why a window is not judged. */
export const NotJudged = z.discriminatedUnion("says", [
  z.object({ says: z.literal("version-gone") }),
  z.object({ says: z.literal("no-reference"), model: z.string(), version: z.int() }),
  z.object({ says: z.literal("few-rows"), rows: z.int(), least: z.int() }),
]);
export type NotJudged = z.infer<typeof NotJudged>;

const Moment = z.object({
  metric: z.string(),
  lessIsBetter: z.boolean(),
  now: Estimate,
  reference: z.number().nullable(),
  difference: Estimate.nullable(),
  promised: z.number().nullable(),
});
const Moved = z.object({ column: z.string(), psi: z.number().nullable() });

/** How a column changed: its medians, or the share of the value that changed most. */
const Change = z.discriminatedUnion("of", [
  z.object({ of: z.literal("median"), now: z.number(), reference: z.number() }),
  z.object({ of: z.literal("value"), value: z.string(), now: z.number(), reference: z.number() }),
]);

/** One sentence of an alert as its figures, so that a page can say it in any language. `window` is the window's title. */
export const AlertFact = z.discriminatedUnion("says", [
  z.object({ says: z.literal("columns-moved"), window: z.string(), columns: z.array(z.string()) }),
  z.object({ says: z.literal("predictions-moved"), window: z.string(), effect: z.number().nullable() }),
  z.object({ says: z.literal("performance-fell"), window: z.string(), moment: Moment.nullable() }),
  z.object({
    says: z.literal("quality-fell"),
    window: z.string(),
    column: z.string().nullable(),
    problem: z.string().nullable(),
    fact: QualityFact.nullable(),
  }),
  z.object({ says: z.literal("requests-failed"), window: z.string(), errors: z.int(), requests: z.int() }),
  z.object({ says: z.literal("truth-is-absent"), window: z.string() }),
  z.object({
    says: z.literal("column"),
    column: z.string(),
    kind: z.enum(["numeric", "categorical"]),
    change: Change.nullable(),
    effect: z.number(),
    psi: z.number().nullable(),
    adjustedP: z.number(),
    rows: z.int(),
  }),
  z.object({ says: z.literal("more-columns"), count: z.int() }),
  /** Against the same period a year before these moved as well. */
  z.object({ says: z.literal("no-season"), columns: z.array(Moved) }),
  /** As in the same period a year before. */
  z.object({ says: z.literal("season"), columns: z.array(Moved) }),
  z.object({
    says: z.literal("prediction"),
    column: z.string(),
    moved: z.boolean(),
    effect: z.number(),
    psi: z.number().nullable(),
  }),
  z.object({
    says: z.literal("performance"),
    window: z.string(),
    labelled: z.int(),
    moment: Moment.nullable(),
  }),
  z.object({
    says: z.literal("quality"),
    column: z.string(),
    problem: z.string(),
    fact: QualityFact.nullable(),
  }),
  z.object({
    says: z.literal("service"),
    requests: z.object({ all: z.int(), errors: z.int(), p99Ms: z.number().nullable() }).nullable(),
  }),
  z.object({ says: z.literal("no-truth"), window: z.string(), rows: z.int() }),
  z.object({ says: z.literal("first-window"), window: z.string() }),
  z.object({ says: z.literal("since"), window: z.string(), windows: z.int() }),
]);
export type AlertFact = z.infer<typeof AlertFact>;

/** The title and the evidence of an alert as figures, in the order of the sentences. */
export const AlertFacts = z.object({ title: AlertFact, evidence: z.array(AlertFact) });
export type AlertFacts = z.infer<typeof AlertFacts>;
