import { z } from "zod";
import type { Assessment, GivenTrace, TraceInfo, TraceState } from "../../lifecycle/experiments/index.ts";
import { orLeftOut, toWireEntries, wireText } from "./wire.ts";

const STATES = {
  unspecified: "STATE_UNSPECIFIED",
  ok: "OK",
  error: "ERROR",
  "in-progress": "IN_PROGRESS",
} as const;
/** States by their names and numbers on the wire, old names among them. */
const BY_WIRE: Readonly<Record<string, TraceState>> = {
  STATE_UNSPECIFIED: "unspecified",
  TRACE_STATUS_UNSPECIFIED: "unspecified",
  OK: "ok",
  ERROR: "error",
  IN_PROGRESS: "in-progress",
  0: "unspecified",
  1: "ok",
  2: "error",
  3: "in-progress",
};

/** The state of a trace as clients write it. */
export const WireTraceState = z
  .union([z.string(), z.int()])
  .nullish()
  .transform((given, context): TraceState => {
    const state = BY_WIRE[String(given ?? "STATE_UNSPECIFIED")];
    if (state !== undefined) return state;
    context.addIssue(`one of ${Object.values(STATES).join(", ")}`);
    return z.NEVER;
  });

/** A point in time as protocol buffers write it in JSON, read as milliseconds since 1970. */
const WireTime = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), "a time such as 2026-11-21T10:00:00.000Z")
  .transform((text) => Date.parse(text));

/** A length of time as protocol buffers write it in JSON, read as milliseconds. */
const WireDuration = z
  .string()
  .regex(/^-?\d{1,12}(\.\d{1,9})?s$/, "a length of time such as 1.500s")
  .transform((text) => Math.round(Number(text.slice(0, -1)) * 1000));

const Texts = z
  .record(z.string(), z.string())
  .nullish()
  .transform((texts) => texts ?? {});

/** An assessment as its client writes it: what is not read here is kept as it is. */
export const WireAssessment = z.looseObject({
  assessment_id: wireText,
  assessment_name: z.string().min(1).max(250),
  overrides: wireText,
  valid: z.boolean().nullish(),
});
export type WireAssessment = z.infer<typeof WireAssessment>;

/** What a client tells of a trace. */
export const WireTraceInfo = z.object({
  trace_id: z.string().min(1).max(250),
  client_request_id: wireText,
  trace_location: z.object({ mlflow_experiment: z.object({ experiment_id: z.string() }) }),
  request_preview: wireText,
  response_preview: wireText,
  request_time: WireTime,
  execution_duration: WireDuration.nullish(),
  state: WireTraceState,
  trace_metadata: Texts,
  tags: Texts,
  assessments: z
    .array(WireAssessment)
    .nullish()
    .transform((list) => list ?? []),
});

/** Longest value of a tag or of metadata, in characters; the rest is cut as MLflow does. */
const LONGEST_TAG = 8_000;
const cut = (texts: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, value.slice(0, LONGEST_TAG)]));

/** What a client tells of a trace, as the stage takes it. */
export function fromWireTrace(
  info: z.infer<typeof WireTraceInfo>,
  parts: { now: Date; newAssessmentId: () => string },
): GivenTrace {
  const id = info.trace_id;
  return {
    id,
    experiment: info.trace_location.mlflow_experiment.experiment_id,
    clientRequestId: info.client_request_id ?? null,
    state: info.state,
    requestAtMs: info.request_time,
    durationMs: info.execution_duration ?? null,
    requestPreview: info.request_preview ?? null,
    responsePreview: info.response_preview ?? null,
    metadata: cut(info.trace_metadata),
    tags: cut(info.tags),
    assessments: info.assessments.map((assessment) =>
      fromWireAssessment(assessment, { trace: id, now: parts.now, newId: parts.newAssessmentId }),
    ),
  };
}

/** An assessment with what the server gives it: an id, its trace, the times that are missing. */
export function fromWireAssessment(
  given: WireAssessment,
  { trace, now, newId }: { trace: string; now: Date; newId: () => string },
): Assessment {
  const at = now.toISOString();
  const id = given.assessment_id === undefined || given.assessment_id === "" ? newId() : given.assessment_id;
  return {
    id,
    trace,
    name: given.assessment_name,
    valid: given.valid ?? true,
    content: {
      create_time: at,
      last_update_time: at,
      ...given,
      ...(given.expectation === undefined ? {} : { expectation: toKeptExpectation(given.expectation) }),
      assessment_id: id,
      trace_id: trace,
    },
  };
}

/** An expectation as it is kept: a value of several parts as JSON text, in which form alone clients read one. */
export function toKeptExpectation(expectation: unknown): unknown {
  if (typeof expectation !== "object" || expectation === null || !("value" in expectation))
    return expectation;
  const { value } = expectation;
  if (typeof value !== "object" || value === null) return expectation;
  return { serialized_value: { serialization_format: "JSON_FORMAT", value: JSON.stringify(value) } };
}

/** An assessment as clients read it. */
export function toWireAssessment({ content, valid, name }: Assessment): Record<string, unknown> {
  return { ...content, assessment_name: name, valid };
}

/** A trace without its spans as clients read it. */
export function toWireTrace(info: TraceInfo) {
  return {
    trace_id: info.id,
    client_request_id: info.clientRequestId ?? undefined,
    trace_location: { type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: info.experiment } },
    request_preview: info.requestPreview ?? undefined,
    response_preview: info.responsePreview ?? undefined,
    request_time: new Date(info.requestAtMs).toISOString(),
    execution_duration: info.durationMs === null ? undefined : `${(info.durationMs / 1000).toFixed(3)}s`,
    state: STATES[info.state],
    trace_metadata: info.metadata,
    tags: info.tags,
    assessments: orLeftOut(info.assessments.map(toWireAssessment)),
  };
}

/** A trace as clients before MLflow 3 read it. */
export function toOldWireTrace(info: TraceInfo) {
  return {
    request_id: info.id,
    experiment_id: info.experiment,
    timestamp_ms: info.requestAtMs,
    execution_time_ms: info.durationMs ?? 0,
    status: info.state === "unspecified" ? "TRACE_STATUS_UNSPECIFIED" : STATES[info.state],
    request_metadata: toWireEntries(info.metadata),
    tags: toWireEntries(info.tags),
  };
}
