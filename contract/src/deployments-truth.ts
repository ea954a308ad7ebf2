import { z } from "zod";
import { LoggedPrediction } from "./logged-prediction.ts";
import { Actor, Name, Progress, Reference, Timestamp, WorkState } from "./resource.ts";

/** What turned out to be true: a class label or an amount. Null takes an earlier truth back. */
export const TruthValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type TruthValue = z.infer<typeof TruthValue>;

/**
 * Truth of one prediction, named by the id of the prediction (`<id>.<row>`, or `<id>` for a request of one row) or by the
 * deployment's key. By key it belongs to the newest prediction with that key that occurred no later than the truth.
 */
export const TruthRecord = z
  .object({
    predictionId: z.string().min(1).max(60).optional(),
    key: z.string().min(1).max(500).optional(),
    value: TruthValue,
    /** When it became true; now when absent. */
    occurredAt: Timestamp.optional(),
  })
  .refine((record) => (record.predictionId === undefined) !== (record.key === undefined), {
    message: "give either predictionId or key",
  });
export type TruthRecord = z.infer<typeof TruthRecord>;

/** What became of the records of one call: all or none of them are taken. */
export const TruthReceipt = z.object({
  accepted: z.int(),
  /** Of those, how many said what was known already. */
  unchanged: z.int(),
  /** Of those, how many corrected an earlier truth. */
  corrected: z.int(),
  /** Of those, how many wait for a prediction whose log line may still be on its way. */
  held: z.int(),
});
export type TruthReceipt = z.infer<typeof TruthReceipt>;

/** A truth as it is kept. The newest by `recordedAt` counts; earlier ones stay as history. */
export const Truth = z.object({
  value: TruthValue,
  occurredAt: Timestamp,
  recordedAt: Timestamp,
  recordedBy: Actor,
});
export type Truth = z.infer<typeof Truth>;

/** A line of the prediction log with the newest truth, where there is one. */
export const JudgedPrediction = LoggedPrediction.extend({ truth: Truth.nullable() });
export type JudgedPrediction = z.infer<typeof JudgedPrediction>;

/** Which columns of a file or dataset hold what; exactly one of predictionId and key. */
export const TruthColumns = z.object({
  predictionId: z.string().optional(),
  key: z.string().optional(),
  value: z.string(),
  occurredAt: z.string().optional(),
});
export type TruthColumns = z.infer<typeof TruthColumns>;

/** A bulk of truth on its way in: a file that was uploaded, or a dataset version. */
export const TruthImport = z.object({
  id: z.uuid(),
  deployment: Name,
  source: z.string(),
  state: WorkState,
  progress: Progress.nullable(),
  /** Set when it succeeded. */
  receipt: TruthReceipt.nullable(),
  /** Set when it failed: nothing was taken. At most 20 bad lines with the count of all. */
  problem: z.object({ code: z.string(), message: z.string(), help: z.string().nullable() }).nullable(),
  badLines: z
    .object({
      total: z.int(),
      first: z.array(
        z.object({ line: z.int(), field: z.string(), value: z.string().nullable(), reason: z.string() }),
      ),
    })
    .nullable(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type TruthImport = z.infer<typeof TruthImport>;

export const TruthSource = z.union([
  z.object({
    upload: z.string(),
    file: z.string().min(1).max(255),
    format: z.enum(["csv", "jsonl", "parquet"]).optional(),
  }),
  z.object({ dataset: Reference }),
]);
export type TruthSource = z.infer<typeof TruthSource>;

/** What the log of a deployment holds and how much of it is known to be right or wrong. */
export const LogState = z.object({
  deployment: Name,
  rows: z.int(),
  firstOccurredAt: Timestamp.nullable(),
  /** Greatest `occurredAt` of the log: the watermark before any lateness is taken off. */
  lastOccurredAt: Timestamp.nullable(),
  /** Server time at which the newest row was received. */
  lastReceivedAt: Timestamp.nullable(),
  truth: z.object({
    labelled: z.int(),
    /** labelled / rows, 0 to 1; null without rows. */
    coverage: z.number().nullable(),
    /** Truth's `occurredAt` less its prediction's, in seconds. */
    lagSeconds: z.object({ p50: z.number(), p95: z.number() }).nullable(),
    held: z.int(),
    lastOccurredAt: Timestamp.nullable(),
  }),
  retentionDays: z.int().nullable(),
});
export type LogState = z.infer<typeof LogState>;

/** What a gateway counted for one revision since its last report. Counts add up over gateways and reports. */
export const TrafficReport = z.object({
  revision: z.int(),
  from: Timestamp,
  until: Timestamp,
  requests: z.int(),
  rows: z.int(),
  /** Requests that were answered with an error of the server's making (5xx) or refused as too many (429). */
  errors: z.int(),
  /** Requests refused because of what was sent (4xx other than 429). */
  refused: z.int(),
  /** Requests by latency: counts[i] took at most `LATENCY_BOUNDS_MS[i]`, the last one more. */
  latency: z.array(z.int()),
  /** Least and greatest `occurredAt` of the rows that were logged; null without one. */
  firstOccurredAt: Timestamp.nullable().default(null),
  lastOccurredAt: Timestamp.nullable(),
});
export type TrafficReport = z.infer<typeof TrafficReport>;

/** Upper bounds of the latency classes in milliseconds; one more class holds what took longer. */
export const LATENCY_BOUNDS_MS = [
  0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 25, 40, 60, 100, 150, 250, 500, 1_000, 2_500, 5_000, 10_000,
] as const;

/** Traffic of one span of server time. */
export const TrafficPoint = z.object({
  start: Timestamp,
  end: Timestamp,
  requests: z.int(),
  rows: z.int(),
  errors: z.int(),
  refused: z.int(),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type TrafficPoint = z.infer<typeof TrafficPoint>;
