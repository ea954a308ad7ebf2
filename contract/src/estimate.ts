import { z } from "zod";

/** A value with its interval, for example AUC by DeLong at confidence 0.95. */
export const Estimate = z.object({
  name: z.string(),
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  confidence: z.number().nullable(),
  method: z.string().nullable(),
});
export type Estimate = z.infer<typeof Estimate>;
