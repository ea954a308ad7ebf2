import { z } from "zod";
import { KeptSummary } from "../data/index.ts";

/**
 * What the rows that a version was judged on look like, and its answers to them: the reference that monitors compare with.
 * It holds counts and no rows.
 */
export const ReferenceProfile = z.object({
  rows: z.int(),
  /** The model's inputs. */
  columns: z.array(z.object({ name: z.string(), summary: KeptSummary })),
  /** The score of the judged class of two, the predicted class of more, or the predicted amount. */
  prediction: z.object({ title: z.string(), score: z.string().nullable(), summary: KeptSummary }).nullable(),
  /** Share of the judged class among the rows; null unless two classes. */
  prevalence: z.number().nullable(),
});
export type ReferenceProfile = z.infer<typeof ReferenceProfile>;
