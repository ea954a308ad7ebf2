import { z } from "zod";
import { Estimate } from "./estimate.ts";

/** Why a cycle began, as figures, so that a page can say it in any language. `window` is the window's title. */
export const TriggerFact = z.discriminatedUnion("says", [
  z.object({
    says: z.literal("drift"),
    window: z.string(),
    columns: z.array(z.string()),
    /** The predictions drifted as well. */
    predictions: z.boolean(),
  }),
  z.object({
    says: z.literal("performance"),
    window: z.string(),
    metric: z.string(),
    now: Estimate,
    reference: Estimate,
    /** What the model's own scores promise for these rows, where that promise is broken too. */
    promised: z.number().nullable(),
  }),
  z.object({ says: z.literal("labels"), rows: z.int() }),
  z.object({ says: z.literal("schedule"), cron: z.string(), zone: z.string() }),
]);
export type TriggerFact = z.infer<typeof TriggerFact>;

/** What holds a policy back, as figures. */
export const HeldFact = z.discriminatedUnion("says", [
  z.object({ says: z.literal("gone"), deployment: z.string(), monitor: z.string() }),
  z.object({ says: z.literal("paused") }),
  z.object({ says: z.literal("cycle"), cycle: z.int() }),
  z.object({ says: z.literal("cooldown"), cycle: z.int(), until: z.string() }),
  z.object({ says: z.literal("budget"), trainings: z.int(), per: z.enum(["day", "week", "month", "year"]) }),
  z.object({ says: z.literal("refusals"), refusals: z.int(), wanted: z.int(), windows: z.int() }),
  z.object({ says: z.literal("few-rows"), rows: z.int() }),
]);
export type HeldFact = z.infer<typeof HeldFact>;
