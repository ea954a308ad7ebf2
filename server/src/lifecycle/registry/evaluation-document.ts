import { EvaluationReport, GoldenRow, Signature } from "@causeway/contract";
import { z } from "zod";
import { ReferenceProfile } from "./reference-profile.ts";

/**
 * What `evaluate` writes as its `report` output: the report itself, and beside it what `register` needs to know of the
 * rows that the model was judged on. Whoever wants the report alone reads it as an EvaluationReport.
 */
export const EvaluationDocument = EvaluationReport.extend({
  signature: Signature,
  golden: GoldenRow.array(),
  /** REST path and title of the dataset version that the rows are. */
  evaluatedOn: z.object({ subject: z.string(), title: z.string() }),
  /** What monitors compare with; absent from reports that were written before there were monitors. */
  reference: ReferenceProfile.optional(),
});
export type EvaluationDocument = z.infer<typeof EvaluationDocument>;
