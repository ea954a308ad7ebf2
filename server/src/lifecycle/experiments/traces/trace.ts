import type { Texts } from "../tracking.ts";

export const TRACE_STATES = ["unspecified", "ok", "error", "in-progress"] as const;
export type TraceState = (typeof TRACE_STATES)[number];

/** What somebody or something thinks of a trace; `content` is as its client wrote it. */
export type Assessment = {
  readonly id: string;
  readonly trace: string;
  readonly name: string;
  /** False once another one overrides it. */
  readonly valid: boolean;
  readonly content: Readonly<Record<string, unknown>>;
};

/** One call through an application, without its spans. */
export type TraceInfo = {
  readonly id: string;
  /** Number of the experiment, as text. */
  readonly experiment: string;
  readonly clientRequestId: string | null;
  readonly state: TraceState;
  /** Milliseconds since 1970. */
  readonly requestAtMs: number;
  readonly durationMs: number | null;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  readonly artifactUri: string;
  readonly metadata: Texts;
  readonly tags: Texts;
  readonly assessments: readonly Assessment[];
};

/** One step of a trace; `content` is the OpenTelemetry span in its JSON form with the names of its schema. */
export type Span = {
  readonly trace: string;
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly parent: string | null;
  readonly name: string;
  readonly type: string | null;
  readonly status: "UNSET" | "OK" | "ERROR";
  /** Nanoseconds since 1970, as text: more than a number holds exactly. */
  readonly startNs: string;
  readonly endNs: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
};

/** A trace with its spans. */
export type Trace = {
  readonly info: TraceInfo;
  readonly spans: readonly Readonly<Record<string, unknown>>[];
};
