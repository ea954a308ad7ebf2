/** A span of event time in milliseconds since 1970, both ends included. */
export type Span = { readonly firstMs: number; readonly lastMs: number };

/** Times nearer to each other than this are one span: windows are not shorter than an hour as a rule. */
const NEAR_MS = 3_600_000;
/** What one change may be cut into; of more, the nearest are joined. */
const MOST_SPANS = 200;

/** The spans that hold these times: few enough to be kept, and narrow enough that little is computed again in vain. */
export function touchedSpans(timesMs: readonly number[]): Span[] {
  const sorted = Float64Array.from(timesMs).sort();
  for (let near = NEAR_MS; ; near *= 4) {
    const spans = joinNear(sorted, near);
    if (spans.length <= MOST_SPANS) return spans;
  }
}

function joinNear(sorted: Float64Array, near: number): Span[] {
  const spans: { firstMs: number; lastMs: number }[] = [];
  for (const time of sorted) {
    const last = spans.at(-1);
    if (last === undefined || time - last.lastMs > near) spans.push({ firstMs: time, lastMs: time });
    else last.lastMs = time;
  }
  return spans;
}

/** The part of newly logged rows' event time that lies before the watermark that was known until then; null without one. */
export function lateSpan(
  logged: { firstOccurredAt: Date; lastOccurredAt: Date },
  watermark: Date | null,
): { firstAt: Date; lastAt: Date } | null {
  if (watermark === null || logged.firstOccurredAt >= watermark) return null;
  const lastAt = logged.lastOccurredAt < watermark ? logged.lastOccurredAt : watermark;
  return { firstAt: logged.firstOccurredAt, lastAt };
}
