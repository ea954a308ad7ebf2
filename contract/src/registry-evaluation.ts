import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Failure } from "./errors.ts";
import { EvaluationReport } from "./registry.ts";
import {
  Actor,
  Digest,
  ModelName,
  Name,
  Paging,
  Progress,
  page,
  Reference,
  Timestamp,
  WorkState,
} from "./resource.ts";

/** How far the evaluation of a registered version is, and what it found. */
export const VersionEvaluation = z.object({
  id: z.uuid(),
  model: ModelName,
  version: z.int(),
  state: WorkState,
  /** Why it failed; null unless it did. */
  problem: z.string().nullable(),
  /** The problem with its code and way out; null unless it failed, and of what failed before these were kept. */
  failure: Failure.nullable(),
  progress: Progress.nullable(),
  dataset: Name,
  datasetVersion: Digest,
  target: z.string(),
  /** The judged class of two as it was asked for; null: the rarer one. */
  positive: z.string().nullable(),
  /** The version's report, where this evaluation or an earlier one wrote it. */
  report: EvaluationReport.nullable(),
  createdAt: Timestamp,
  createdBy: Actor,
  endedAt: Timestamp.nullable(),
});
export type VersionEvaluation = z.infer<typeof VersionEvaluation>;

const InModelVersion = z.object({ model: ModelName, version: z.coerce.number<number>().int().positive() });

export const registryEvaluation = {
  evaluateVersion: endpoint({
    method: "POST",
    path: "/api/registry/models/:model/versions/:version/evaluation",
    permission: "registry:write",
    summary:
      "Judges a version that has no report of a pipeline on rows with truth; its report and the reference of its monitors come from them. The same question again answers what there is.",
    input: InModelVersion.extend({
      dataset: Reference,
      /** The column that holds the truth. */
      target: z.string().min(1).max(300),
      /** The judged class of two; the rarer one unless given. */
      positive: z.string().max(300).optional(),
    }),
    output: VersionEvaluation,
    repeatable: true,
  }),
  getEvaluation: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/versions/:version/evaluation",
    permission: "registry:read",
    summary: "The newest evaluation of a version: its state, how far it is, and its report.",
    input: InModelVersion,
    output: VersionEvaluation,
  }),
  listEvaluations: endpoint({
    method: "GET",
    path: "/api/registry/models/:model/versions/:version/evaluations",
    permission: "registry:read",
    summary: "The evaluation of a version that is kept, its newest; none where it was never asked for.",
    input: InModelVersion.extend(Paging.shape),
    output: page(VersionEvaluation),
  }),
};
