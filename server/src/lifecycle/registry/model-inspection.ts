import { Json } from "@causeway/contract";
import { z } from "zod";

/** What a model file says of one input or output. -1 is a dimension of any size; the first one counts rows. */
const Tensor = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) });

/** What a model file says of itself. */
export const ModelInspection = z.object({
  inputs: z.array(Tensor),
  outputs: z.array(Tensor),
  /** Class labels in the order of the scores, where the file carries them. */
  labels: z.array(z.string()).nullable(),
  /** Of Python models: the rows that they were logged with, and why they could not answer them. */
  python: z
    .object({ examples: z.array(z.record(z.string(), Json)), exampleProblem: z.string().nullable() })
    .optional(),
});
export type ModelInspection = z.infer<typeof ModelInspection>;
