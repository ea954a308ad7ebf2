import { z } from "zod";
import { AlertFact } from "./alert-facts.ts";
import { JudgedRows, Judgement } from "./gates.ts";
import { AlertKind } from "./monitoring.ts";
import { HeldFact, TriggerFact } from "./policy-facts.ts";

/** Rows that a challenger learns from: all, those of a last span, or those since a window or a day. */
export const LearnedRows = z.object({
  of: z.enum(["all", "last", "since"]),
  /** The span, or the title of the window or the day; null for all. */
  bound: z.string().nullable(),
  /** Title of the window whose earlier half is learned from as well, because its later half judges. */
  half: z.string().nullable(),
});
export type LearnedRows = z.infer<typeof LearnedRows>;

/** What a run of the pipeline ended with where it made no version. */
const FailedRun = z.object({ pipeline: z.string(), run: z.int() });

/**
 * How a station of a cycle stands, as figures, so that a page can say it in any language. `window` is a window's title;
 * `champion` the version that served before. Versions are of the policy's model.
 */
export const CycleFact = z.discriminatedUnion("says", [
  // prepared
  z.object({
    says: z.literal("awaits-truth"),
    window: z.string().nullable(),
    labelled: z.int(),
    rows: z.int(),
  }),
  z.object({ says: z.literal("awaits-later-truth"), window: z.string() }),
  z.object({ says: z.literal("awaits-rows"), rows: z.int(), needed: z.int() }),
  z.object({ says: z.literal("no-truth-came"), within: z.string() }),
  z.object({ says: z.literal("gathers"), rows: LearnedRows, judging: JudgedRows }),
  z.object({
    says: z.literal("gathered"),
    rows: LearnedRows,
    judging: JudgedRows,
    learned: z.int(),
    /** Of those, from the prediction log. */
    logged: z.int(),
    judged: z.int(),
  }),
  z.object({ says: z.literal("deployment-gone"), deployment: z.string(), monitor: z.string() }),
  // trained
  z.object({ says: z.literal("pipeline-runs"), pipeline: z.string(), refit: z.boolean() }),
  FailedRun.extend({ says: z.literal("run-cancelled") }),
  FailedRun.extend({ says: z.literal("run-failed"), problem: z.string().nullable() }),
  FailedRun.extend({ says: z.literal("trained"), version: z.int() }),
  z.object({ says: z.literal("preparing"), version: z.int(), step: z.string().nullable() }),
  z.object({
    says: z.literal("unprepared"),
    version: z.int(),
    blocked: z.boolean(),
    problem: z.string().nullable(),
  }),
  // gated
  z.object({ says: z.literal("same-model"), version: z.int() }),
  z.object({
    says: z.literal("compares"),
    version: z.int(),
    against: z.int().nullable(),
    /** Null where the rows are those that judged before. */
    judging: JudgedRows.nullable(),
  }),
  z.object({ says: z.literal("passed"), version: z.int(), judging: JudgedRows, judgement: Judgement }),
  z.object({ says: z.literal("refused"), version: z.int(), judging: JudgedRows, judgement: Judgement }),
  z.object({ says: z.literal("gate-failed"), problem: z.string().nullable() }),
  // refitted
  z.object({ says: z.literal("goes-on-judged"), version: z.int() }),
  z.object({ says: z.literal("adds-rows"), judging: JudgedRows }),
  z.object({ says: z.literal("refit-same"), version: z.int() }),
  z.object({
    says: z.literal("refit-left"),
    version: z.int(),
    challenger: z.int(),
    judgement: Judgement,
    problem: z.string().nullable(),
  }),
  z.object({
    says: z.literal("refit-repeats"),
    version: z.int(),
    challenger: z.int(),
    model: z.string(),
    judgement: Judgement,
  }),
  // approved
  z.object({ says: z.literal("awaits-approval"), until: z.string() }),
  z.object({ says: z.literal("approved-by-rule"), version: z.int(), alias: z.string() }),
  z.object({
    says: z.literal("approved"),
    version: z.int(),
    alias: z.string(),
    by: z.string(),
    /** What the person wrote. */
    reason: z.string().nullable(),
  }),
  z.object({
    says: z.literal("rejected"),
    version: z.int(),
    by: z.string(),
    reason: z.string().nullable(),
  }),
  z.object({ says: z.literal("undecided"), version: z.int(), champion: z.int().nullable() }),
  z.object({ says: z.literal("withdrawn"), version: z.int() }),
  // switched
  z.object({ says: z.literal("moves"), deployment: z.string(), version: z.int() }),
  z.object({
    says: z.literal("serves"),
    deployment: z.string(),
    version: z.int(),
    champion: z.int().nullable(),
  }),
  z.object({
    says: z.literal("alias-taken"),
    alias: z.string(),
    deployment: z.string(),
    version: z.int(),
  }),
  z.object({
    says: z.literal("unservable"),
    version: z.int(),
    champion: z.int().nullable(),
    problem: z.string().nullable(),
  }),
  // confirmed
  z.object({ says: z.literal("nothing-to-compare") }),
  z.object({ says: z.literal("nothing-watched") }),
  z.object({ says: z.literal("watches"), windows: z.int() }),
  z.object({ says: z.literal("nothing-left"), deployment: z.string() }),
  z.object({ says: z.literal("awaits-window") }),
  z.object({ says: z.literal("awaits-window-truth"), window: z.string() }),
  z.object({
    says: z.literal("not-compared"),
    window: z.string(),
    within: z.string(),
    version: z.int().nullable(),
  }),
  z.object({ says: z.literal("compares-after"), window: z.string() }),
  z.object({
    says: z.literal("not-worse"),
    version: z.int().nullable(),
    champion: z.int(),
    windows: z.array(z.string()),
  }),
  z.object({
    says: z.literal("worse"),
    version: z.int().nullable(),
    champion: z.int().nullable(),
    window: z.string(),
    alias: z.string(),
    judgement: Judgement,
  }),
  // anywhere
  z.object({ says: z.literal("cancelled"), by: z.string() }),
  z.object({
    says: z.literal("given-back"),
    by: z.string(),
    alias: z.string(),
    version: z.int().nullable(),
    champion: z.int(),
    reason: z.string(),
  }),
]);
export type CycleFact = z.infer<typeof CycleFact>;

/** How a cycle may end. */
export const CYCLE_ENDS = [
  "confirmed",
  "refused",
  "failed",
  "rejected",
  "expired",
  "rolled-back",
  "cancelled",
] as const;
const CycleEnd = z.object({ end: z.enum(CYCLE_ENDS), deployment: z.string(), cycle: z.int() });

/** A line of a policy's story as figures. */
export const StoryFact = z.discriminatedUnion("says", [
  z.object({ says: z.literal("station"), station: CycleFact }),
  /** `reason` is the server's sentence, or the person's own words. */
  z.object({ says: z.literal("noticed"), reason: z.string(), trigger: TriggerFact.nullable() }),
  z.object({
    says: z.literal("held"),
    reason: z.string(),
    trigger: TriggerFact.nullable(),
    held: HeldFact,
  }),
  /** `problem` is the server's sentence where a station has no figures, for example a refusal of the platform. */
  CycleEnd.extend({ says: z.literal("ended"), station: CycleFact.nullable(), problem: z.string() }),
  CycleEnd.extend({ says: z.literal("told"), channels: z.array(z.string()) }),
  z.object({ says: z.literal("not-told"), channel: z.string(), problem: z.string() }),
  z.object({
    says: z.literal("window"),
    window: z.string(),
    rows: z.int(),
    measured: z
      .object({ metric: z.string(), value: z.number(), reference: z.number().nullable() })
      .nullable(),
    alarms: z.array(AlertKind),
    restated: z.boolean(),
  }),
  z.object({ says: z.literal("alert"), resolved: z.boolean(), title: AlertFact }),
]);
export type StoryFact = z.infer<typeof StoryFact>;
