import { z } from "zod";
import { Prediction } from "./registry.ts";
import { Environment, Json, ModelName, Name, Timestamp } from "./resource.ts";

/** One line of the prediction log: one row of a request. `id` is `<prediction id>.<row>`, rows count from 0. */
export const LoggedPrediction = z.object({
  id: z.string(),
  project: Name,
  environment: Environment,
  deployment: Name,
  revision: z.int(),
  model: ModelName,
  version: z.int(),
  /** Given by the caller, else the time of receipt. */
  occurredAt: Timestamp,
  receivedAt: Timestamp,
  latencyMs: z.number(),
  /** Value of the deployment's key column, as text; null where the deployment has none or the record left it out. */
  key: z.string().nullable().default(null),
  record: z.record(z.string(), Json),
  prediction: Prediction,
  gateway: z.string(),
});
export type LoggedPrediction = z.infer<typeof LoggedPrediction>;
