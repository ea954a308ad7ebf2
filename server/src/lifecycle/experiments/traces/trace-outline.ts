import type { Texts } from "../tracking.ts";
import type { Span, TraceState } from "./trace.ts";
import { textsWithoutNul, withoutNul } from "./trace-text.ts";

/** What the spans that have come say of their trace. */
export type TraceOutline = {
  readonly id: string;
  readonly state: TraceState;
  readonly startMs: number;
  readonly durationMs: number | null;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  readonly tags: Texts;
  readonly metadata: Texts;
};

/** Longest preview, in characters. */
const LONGEST_PREVIEW = 1000;

const NAME = "mlflow.traceName";
const SPANS = { "mlflow.trace.spansLocation": "TRACKING_STORE" };
/** Attributes of the root that become tags begin with this. */
const TAG_PREFIX = "mlflow.traceTag.";
const MS = 1_000_000n;

/** Outlines each trace of a batch of spans. The root tells how it went; until it comes, the trace is in progress. */
export function outlineTraces(spans: readonly Span[]): TraceOutline[] {
  const byTrace = Map.groupBy(spans, ({ trace }) => trace);
  return [...byTrace].map(([id, own]) => outlineTrace(id, own));
}

function outlineTrace(id: string, spans: readonly Span[]): TraceOutline {
  const root = spans.find(({ parent }) => parent === null);
  const [start = 0n] = sorted(spans.map(({ startNs }) => BigInt(startNs)));
  const end = sorted(spans.flatMap(({ endNs }) => (endNs === null ? [] : [BigInt(endNs)]))).at(-1);
  const startMs = Number(start / MS);
  return {
    id,
    state: stateOf(root),
    startMs,
    durationMs: end === undefined ? null : Number(end / MS) - startMs,
    requestPreview: preview(root?.attributes["mlflow.spanInputs"]),
    responsePreview: preview(root?.attributes["mlflow.spanOutputs"]),
    tags: { ...SPANS, ...(root === undefined ? {} : { ...tagsOf(root), [NAME]: withoutNul(root.name) }) },
    metadata: metadataOf(spans),
  };
}

function stateOf(root: Span | undefined): TraceState {
  if (root === undefined || root.endNs === null) return "in-progress";
  return root.status === "ERROR" ? "error" : "ok";
}

function tagsOf({ attributes }: Span): Texts {
  return textsWithoutNul(
    Object.fromEntries(
      Object.entries(attributes)
        .filter(([name]) => name.startsWith(TAG_PREFIX))
        .map(([name, value]) => [name.slice(TAG_PREFIX.length), asText(value)]),
    ),
  );
}

/** Who and which conversation, by the names that OpenTelemetry gives them. */
function metadataOf(spans: readonly Span[]): Texts {
  const find = (...names: string[]) =>
    spans
      .flatMap(({ attributes }) => names.map((name) => attributes[name]))
      .find((value) => value !== undefined);
  const session = find("session.id", "gen_ai.conversation.id");
  const user = find("user.id");
  return {
    ...(session === undefined ? {} : { "mlflow.trace.session": asText(session) }),
    ...(user === undefined ? {} : { "mlflow.trace.user": asText(user) }),
  };
}

function preview(value: unknown): string | null {
  if (value === undefined) return null;
  const text = asText(value);
  return text.length > LONGEST_PREVIEW ? `${text.slice(0, LONGEST_PREVIEW - 3)}...` : text;
}

const asText = (value: unknown): string =>
  withoutNul(typeof value === "string" ? value : JSON.stringify(value));

/** From the least to the greatest. */
const sorted = (values: readonly bigint[]): bigint[] =>
  values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
