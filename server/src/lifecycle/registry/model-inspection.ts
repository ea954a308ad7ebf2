import { Json, Prediction } from "@causeway/contract";
import { z } from "zod";

/** What a model file says of one input or output. -1 is a dimension of any size; the first one counts rows. */
const Tensor = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) });

/** What a model file says of itself. */
export const ModelInspection = z.object({
  inputs: z.array(Tensor),
  outputs: z.array(Tensor),
  /** Class labels in the order of the scores, where the file carries them. */
  labels: z.array(z.string()).nullable(),
  /** True where the scores are the softmax of what it gives. */
  logits: z.boolean().optional(),
  /** Of Python models: the rows that they were logged with, and their answers to them, twice, or why there are none. */
  python: z
    .object({
      examples: z.array(z.record(z.string(), Json)),
      exampleProblem: z.string().nullable(),
      answers: z.array(z.array(Prediction)),
      answerProblem: z.string().nullable(),
    })
    .optional(),
});
export type ModelInspection = z.infer<typeof ModelInspection>;
