import { z } from "zod";
import { CYCLE_ENDS, CycleFact, StoryFact } from "./cycle-facts.ts";
import { Duration } from "./duration.ts";
import { endpoint } from "./endpoint.ts";
import { GateRule, MetricName } from "./gates.ts";
import { HeldFact, TriggerFact } from "./policy-facts.ts";
import { Actor, Digest, Environment, Json, ModelName, Name, Paging, page, Timestamp } from "./resource.ts";

/** What starts a cycle. */
export const Trigger = z.discriminatedUnion("on", [
  /** A window in which columns or predictions drifted. */
  z.strictObject({ on: z.literal("drift") }),
  /**
   * A window whose metric, measured with truth, is worse by more than `drop` beyond chance than what the model's own scores
   * promise for these rows, or than in the reference where they promise nothing.
   */
  z.strictObject({
    on: z.literal("performance"),
    /** The monitor's metric unless said. */
    metric: MetricName.optional(),
    drop: z.number().min(0).default(0.0125),
    /** Rows with truth in a window below which it decides nothing: rows of one short stretch of time are too much alike. */
    rows: z.int().min(1).default(500),
  }),
  /** So many rows with truth since the training data of the champion was put together. */
  z.strictObject({ on: z.literal("labels"), rows: z.int().positive() }),
  /** By the server's clock. */
  z.strictObject({
    on: z.literal("schedule"),
    cron: z.string().max(100),
    zone: z.string().max(60).default("UTC"),
  }),
]);
export type Trigger = z.infer<typeof Trigger>;

export const TRIGGER_KINDS = ["drift", "performance", "labels", "schedule", "manual"] as const;
export const TriggerKind = z.enum(TRIGGER_KINDS);
export type TriggerKind = z.infer<typeof TriggerKind>;

/** When to retrain, on what, and what must hold before the new version serves. Everything but `retrain` has a default. */
export const PolicySettings = z.strictObject({
  /** A deployed pipeline. It, or a client of MLflow in one of its steps, must register a version of the deployment's model. */
  retrain: Name,
  /** The pipeline's dataset param that gets the fresh data; the only one unless said. */
  param: z.string().max(100).optional(),
  /** Column of that dataset with the truth; kept from the model's signature, else from its report, unless said. */
  target: z.string().min(1).max(200).optional(),
  /** Other params of the pipeline. */
  params: z.record(z.string(), Json).default({}),
  when: z
    .array(Trigger)
    .max(20)
    .default([{ on: "performance", drop: 0.0125, rows: 500 }]),
  /** Event time that must pass after a cycle before the next; null: two windows of the monitor. */
  cooldown: Duration.nullable().default(null),
  /** Trainings at most in any such span of event time. */
  budget: z
    .strictObject({ trainings: z.int().min(1).max(1_000), per: z.enum(["day", "week", "month", "year"]) })
    .default({ trainings: 2, per: "month" }),
  data: z
    .strictObject({
      /** Rows not older than this before the newest labelled one, "all" for every row, or "auto": all, and only rows since the change where those make the better model. */
      window: z.union([z.enum(["all", "auto"]), Duration]).default("auto"),
      /** Labelled rows below which nothing is trained. */
      leastRows: z.int().min(10).default(200),
    })
    .prefault({}),
  /** What must hold on the newest labelled window, which the challenger has not seen; better by the monitor's metric unless said. */
  gate: z.array(GateRule).max(20).default([]),
  /** Trains the winner once more with the window that judged it. */
  refit: z.boolean().default(true),
  /** `rule`: as the alias's rule says. `person`: always by a person. */
  approve: z
    .strictObject({
      by: z.enum(["rule", "person"]).default("rule"),
      /** The policy's author may not approve. */
      fourEyes: z.boolean().default(false),
      expiresAfter: Duration.default("7 days"),
    })
    .prefault({}),
  alias: Name.default("champion"),
  /** Windows with truth that are watched after the switch; worse than the version before beyond chance is rolled back. 0: none. */
  confirm: z.strictObject({ windows: z.int().min(0).max(20).default(1) }).prefault({}),
  notify: z.array(Name).max(20).default([]),
});
export type PolicySettings = z.infer<typeof PolicySettings>;

/** The stations of a cycle, in order. */
export const CYCLE_STEPS = [
  "noticed",
  "prepared",
  "trained",
  "gated",
  "refitted",
  "approved",
  "switched",
  "confirmed",
] as const;
export const CycleStepName = z.enum(CYCLE_STEPS);
export type CycleStepName = z.infer<typeof CycleStepName>;

export const CycleStep = z.object({
  name: CycleStepName,
  state: z.enum(["waiting", "running", "held", "done", "skipped", "failed"]),
  /** One sentence with its figures. */
  text: z.string().nullable(),
  /** The same as figures; absent where the platform refused something, and in cycles of before it was kept. */
  fact: CycleFact.optional(),
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** Event time: the watermark when it ended. */
  occurredAt: Timestamp.nullable(),
  /** REST paths of what it speaks of: alert, window, dataset version, pipeline run, gate, version, approval. */
  links: z.array(z.object({ title: z.string(), subject: z.string() })),
});
export type CycleStep = z.infer<typeof CycleStep>;

export const CYCLE_STATES = ["running", "waiting-for-approval", "watching", ...CYCLE_ENDS] as const;
export const CycleState = z.enum(CYCLE_STATES);
export type CycleState = z.infer<typeof CycleState>;

/** One way round the loop, from what was noticed to what serves. */
export const Cycle = z.object({
  policy: Name,
  number: z.int(),
  deployment: Name,
  environment: Environment,
  state: CycleState,
  trigger: z.object({
    kind: TriggerKind,
    /** One sentence with its figures. */
    reason: z.string(),
    /** The same as figures; absent where a person asked, and in cycles of before it was kept. */
    fact: TriggerFact.optional(),
    alert: z.uuid().nullable(),
    /** Start of the window that showed it. */
    window: Timestamp.nullable(),
  }),
  steps: z.array(CycleStep),
  model: ModelName,
  /** The version that served when it began. */
  champion: z.int().nullable(),
  /** Trained without the window that judges it. */
  challenger: z.int().nullable(),
  /** The refit of the challenger on every row, or the challenger where there is no refit. */
  candidate: z.int().nullable(),
  /** Pipeline runs that were started; each is a training. */
  runs: z.array(z.object({ pipeline: Name, number: z.int(), purpose: z.enum(["challenger", "refit"]) })),
  dataset: z.object({ dataset: Name, version: Digest, rows: z.int() }).nullable(),
  gate: z.uuid().nullable(),
  approval: z.uuid().nullable(),
  problem: z.string().nullable(),
  /** The same as figures, likewise. */
  problemFact: CycleFact.optional(),
  /** Event time: when the change was noticed, and when the candidate began to serve. */
  noticedAt: Timestamp,
  switchedAt: Timestamp.nullable(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  startedBy: Actor,
});
export type Cycle = z.infer<typeof Cycle>;

export const Policy = z.object({
  name: Name,
  deployment: Name,
  /** The monitor whose windows it follows. */
  monitor: Name,
  environment: Environment,
  settings: PolicySettings,
  paused: z.boolean(),
  /** The rule as a sentence. */
  sentence: z.string(),
  newest: Cycle.nullable(),
  cycles: z.int(),
  /** Trainings in the running span of the budget, by event time. */
  trainings: z.object({ used: z.int(), of: z.int(), per: z.string() }),
  /** Why nothing starts now, for example the cooldown; null when a trigger would start a cycle. */
  held: z.string().nullable(),
  /** The same as figures; absent where nothing holds it back. */
  heldBy: HeldFact.optional(),
  createdAt: Timestamp,
  createdBy: Actor,
});
export type Policy = z.infer<typeof Policy>;

/** One line of the loop's story: when by both clocks, what, and where its numbers are. */
export const TimelineEntry = z.object({
  id: z.string(),
  recordedAt: Timestamp,
  occurredAt: Timestamp.nullable(),
  kind: z.enum(["window", "alert", "trigger", "cycle", "approval", "switch", "notification"]),
  cycle: z.int().nullable(),
  text: z.string(),
  /** The same as figures; absent in lines of before it was kept. */
  fact: StoryFact.optional(),
  actor: Actor,
  links: z.array(z.object({ title: z.string(), subject: z.string() })),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

const InPolicy = z.object({ policy: Name });
const InCycle = InPolicy.extend({ number: z.coerce.number<number>().int().positive() });

export const retraining = {
  createPolicy: endpoint({
    method: "POST",
    path: "/api/retraining/policies",
    permission: "retraining:write",
    summary: "Retrains a deployment's model by itself when its conditions hold.",
    input: z.object({ name: Name, deployment: Name, monitor: Name.optional(), settings: PolicySettings }),
    output: Policy,
  }),
  updatePolicy: endpoint({
    method: "PUT",
    path: "/api/retraining/policies/:policy",
    permission: "retraining:write",
    summary: "Changes a policy for cycles that begin from now on, or pauses it.",
    input: InPolicy.extend({ settings: PolicySettings.optional(), paused: z.boolean().optional() }),
    output: Policy,
  }),
  deletePolicy: endpoint({
    method: "DELETE",
    path: "/api/retraining/policies/:policy",
    permission: "retraining:write",
    summary: "Ends a policy; a cycle under way is cancelled, the story stays.",
    input: InPolicy,
    output: z.object({}),
  }),
  listPolicies: endpoint({
    method: "GET",
    path: "/api/retraining/policies",
    permission: "retraining:read",
    summary: "Policies of the environment, by name.",
    input: Paging.extend({ deployment: Name.optional() }),
    output: page(Policy),
  }),
  getPolicy: endpoint({
    method: "GET",
    path: "/api/retraining/policies/:policy",
    permission: "retraining:read",
    summary: "A policy with its newest cycle and what holds it back.",
    input: InPolicy,
    output: Policy,
  }),
  startCycle: endpoint({
    method: "POST",
    path: "/api/retraining/policies/:policy/cycles",
    permission: "retraining:write",
    summary: "Retrains now, whatever the triggers say; one cycle at a time.",
    input: InPolicy.extend({ reason: z.string().max(500).default("") }),
    output: Cycle,
  }),
  listCycles: endpoint({
    method: "GET",
    path: "/api/retraining/cycles",
    permission: "retraining:read",
    summary: "Cycles of one policy or of all, newest first.",
    input: Paging.extend({ policy: Name.optional(), state: CycleState.optional() }),
    output: page(Cycle),
  }),
  getCycle: endpoint({
    method: "GET",
    path: "/api/retraining/policies/:policy/cycles/:number",
    permission: "retraining:read",
    summary: "A cycle with its stations.",
    input: InCycle,
    output: Cycle,
  }),
  cancelCycle: endpoint({
    method: "POST",
    path: "/api/retraining/policies/:policy/cycles/:number/cancel",
    permission: "retraining:write",
    summary: "Stops a cycle; what serves stays.",
    input: InCycle,
    output: Cycle,
    repeatable: true,
  }),
  rollBackCycle: endpoint({
    method: "POST",
    path: "/api/retraining/policies/:policy/cycles/:number/roll-back",
    permission: "retraining:approve",
    summary: "Gives the alias back to the version that served before the cycle.",
    input: InCycle.extend({ reason: z.string().max(1_000).default("") }),
    output: Cycle,
  }),
  getTimeline: endpoint({
    method: "GET",
    path: "/api/retraining/policies/:policy/timeline",
    permission: "retraining:read",
    summary:
      "The whole story of a policy, newest first: windows, alerts, triggers, cycles, approvals, switches, messages.",
    input: InPolicy.extend({ ...Paging.shape, cycle: z.coerce.number<number>().int().positive().optional() }),
    output: page(TimelineEntry),
  }),
};
