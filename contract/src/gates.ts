import { z } from "zod";
import { Duration } from "./duration.ts";
import { Failure } from "./errors.ts";
import { Estimate } from "./estimate.ts";
import { TriggerFact } from "./policy-facts.ts";
import {
  Actor,
  AliasName,
  Digest,
  Environment,
  ModelName,
  Name,
  Reference,
  Timestamp,
  WorkState,
} from "./resource.ts";

/** A metric that gates and monitors judge by: a name of the statistics catalog such as `auc`, `accuracy`, `rmse`. */
export const MetricName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,40}$/, "a metric such as auc, accuracy or rmse");

/**
 * One condition on a challenger. Differences are taken so that more is better: challenger less champion, or champion less
 * challenger for metrics where less is better.
 */
export const GateRule = z.discriminatedUnion("rule", [
  /** The interval of the difference lies above `by`: better beyond chance. Passes without a champion. */
  z.object({
    rule: z.literal("better"),
    metric: MetricName,
    by: z.number().min(0).default(0),
    confidence: z.number().gt(0.5).lt(1).default(0.95),
  }),
  /** The interval of the difference lies above `-by`: not worse than by that. Passes without a champion. */
  z.object({
    rule: z.literal("not-worse"),
    metric: MetricName,
    by: z.number().min(0).default(0.01),
    confidence: z.number().gt(0.5).lt(1).default(0.95),
  }),
  /** The challenger's value reaches a floor (for metrics where less is better: stays under it), overall or in every slice. */
  z.object({
    rule: z.literal("at-least"),
    metric: MetricName,
    value: z.number(),
    /** A column: the rule holds for each of its values with at least 30 judged rows. */
    slice: z.string().optional(),
  }),
  /**
   * The challenger answers like the version it is judged against, as a refit should: scores (numbers of a regression, in
   * standard deviations of the other version's answers) differ by at most `mean` on average over the rows, and at least
   * the share `golden` of the other version's golden rows gets the same class (number within `mean`).
   */
  z.object({
    rule: z.literal("agrees"),
    mean: z.number().min(0).default(0.2),
    golden: z.number().min(0).max(1).default(0.8),
  }),
  /** At least so many judged rows: without them nothing is said. */
  z.object({ rule: z.literal("rows"), least: z.int().positive() }),
]);
export type GateRule = z.infer<typeof GateRule>;

/** What one rule found. `reason` is one sentence with its figures, whether it passed or not. */
export const RuleVerdict = z.object({
  rule: GateRule,
  passed: z.boolean(),
  reason: z.string(),
  champion: Estimate.nullable(),
  challenger: Estimate.nullable(),
  /** In the direction in which more is better. */
  difference: Estimate.nullable(),
  /** Values of a sliced rule, most rows first; at most 50. */
  slices: z
    .array(
      z.object({
        value: z.string(),
        rows: z.int(),
        challenger: z.number().nullable(),
        champion: z.number().nullable(),
      }),
    )
    .nullable(),
  /** Of the rule `agrees`: how far answers differ on average and at most, and the golden rows that are alike. */
  agreement: z.object({ mean: z.number(), most: z.number(), same: z.int(), golden: z.int() }).optional(),
  /** Of the rule `rows`: how many were judged. */
  rows: z.int().optional(),
});
export type RuleVerdict = z.infer<typeof RuleVerdict>;

/** The verdicts that say in one sentence what a gate found. */
export const Judgement = z.object({
  /** The version it was judged against. */
  champion: z.int().nullable(),
  verdicts: z.array(RuleVerdict),
  /** The server's sentence; null where it was not judged. */
  summary: z.string().nullable(),
});
export type Judgement = z.infer<typeof Judgement>;

/** Rows that judge: a window, or its later half. */
export const JudgedRows = z.object({ window: z.string(), half: z.boolean() });
export type JudgedRows = z.infer<typeof JudgedRows>;

/** Champion against challenger on the same rows, which neither was trained on. */
export const Gate = z.object({
  id: z.uuid(),
  model: ModelName,
  /** The challenger. */
  version: z.int(),
  digest: Digest,
  /** The version it is judged against; null where there was none. */
  champion: z.int().nullable(),
  championDigest: Digest.nullable(),
  dataset: Name,
  datasetVersion: Digest,
  target: z.string(),
  rows: z.int(),
  state: WorkState,
  /** Null until it was judged, and where it could not be. */
  passed: z.boolean().nullable(),
  verdicts: z.array(RuleVerdict),
  /** "auc 0.881 against 0.795, difference 0.086 (0.071 to 0.101)" or why it was refused. */
  summary: z.string().nullable(),
  problem: z.string().nullable(),
  /** The problem with its code and way out; null unless it failed, and of what failed before these were kept. */
  failure: Failure.nullable(),
  environment: Environment,
  createdAt: Timestamp,
  createdBy: Actor,
  endedAt: Timestamp.nullable(),
});
export type Gate = z.infer<typeof Gate>;

/** Who may move an alias: anybody who may write, or only a person's approval. */
export const AliasRule = z.object({
  approval: z.enum(["automatic", "person"]),
  /** The person is not the one who asked for it or wrote the policy that asked. */
  fourEyes: z.boolean().default(false),
  /** How long a request waits for its decision. */
  expiresAfter: Duration.default("7 days"),
});
export type AliasRule = z.infer<typeof AliasRule>;

export const APPROVAL_STATES = ["pending", "approved", "rejected", "expired", "withdrawn"] as const;
export const ApprovalState = z.enum(APPROVAL_STATES);
export type ApprovalState = z.infer<typeof ApprovalState>;

/** The sentence for the person who decides, as figures; what a person wrote has none. */
export const ApprovalFact = z.discriminatedUnion("says", [
  z.object({ says: z.literal("moves"), from: z.int().nullable(), judgement: Judgement.nullable() }),
  z.object({
    says: z.literal("cycle"),
    /** Why the cycle began: the server's sentence or a person's words, and its figures. */
    reason: z.string(),
    trigger: TriggerFact.nullable(),
    champion: z.int().nullable(),
    judging: JudgedRows.nullable(),
    judgement: Judgement.nullable(),
  }),
]);
export type ApprovalFact = z.infer<typeof ApprovalFact>;

/** A request to move an alias to a version, bound to the version's digest. */
export const Approval = z.object({
  id: z.uuid(),
  model: ModelName,
  alias: AliasName,
  environment: Environment,
  version: z.int(),
  digest: Digest,
  /** What the alias points to now; null where it is new. */
  current: z.int().nullable(),
  /** The version that the gate judged, when this one is its refit. */
  judgedVersion: z.int().nullable(),
  gate: z.uuid().nullable(),
  /** One sentence for the person who decides. */
  summary: z.string(),
  /** The same as figures; absent where a person wrote it, and in requests of before it was kept. */
  fact: ApprovalFact.optional(),
  state: ApprovalState,
  fourEyes: z.boolean(),
  requestedAt: Timestamp,
  requestedBy: Actor,
  /** Who may not decide: whoever asked, and the author of the policy that asked. */
  notBy: z.array(Actor),
  expiresAt: Timestamp,
  decidedAt: Timestamp.nullable(),
  decidedBy: Actor.nullable(),
  reason: z.string().nullable(),
  /** The page that shows it; opening it decides nothing. */
  url: z.string(),
});
export type Approval = z.infer<typeof Approval>;

/** What a gate is asked to judge. */
export const GateRequest = z.object({
  /** Version or alias of the same model; the `champion` alias unless said, null for none. */
  against: z.union([z.int().positive(), Name, z.null()]).default("champion"),
  rows: Reference,
  /** The signature's target unless said. */
  target: z.string().optional(),
  rules: z.array(GateRule).min(1).max(20),
});
export type GateRequest = z.infer<typeof GateRequest>;
