import type { MonitorSettings } from "@causeway/contract";
import type { StoredMonitor } from "./monitors-store.ts";
import { closedUntil } from "./watermark-rule.ts";
import { type WindowCut, type WindowSpan, windowOf } from "./window-plan.ts";
import type { WindowSummary } from "./windows-store.ts";

/** Closed windows are computed anew at most so often: truth comes in many small pieces. */
export const RESTATE_MS = 2_000;

/** Event times that changed, both ends included. */
export type TouchedRange = { readonly from: Date; readonly until: Date };

/** Why a monitor should look now; null where it need not. `waitMs` says when to ask again. */
export type Due = { readonly look: boolean; readonly waitMs: number | null };

/** Decides whether a monitor has something to do, from what is known without reading the log. */
export function decideDue(
  monitor: Pick<StoredMonitor, "settings" | "open" | "logPosition" | "restatedAt" | "watermark">,
  { reached, ranges, now }: { reached: Date | null; ranges: readonly TouchedRange[]; now: Date },
): Due {
  if (reached === null) return { look: false, waitMs: null };
  const { settings, open, watermark } = monitor;
  if (monitor.logPosition === null || open === null) return { look: true, waitMs: null };
  const until = closedUntil(reached, settings.lateness);
  const moved = watermark === null || until > watermark;
  if (typeof settings.window === "string" ? until >= open.end : moved) return { look: true, waitMs: null };
  if (ranges.every(({ from }) => from >= open.start)) return { look: false, waitMs: null };
  const since = monitor.restatedAt === null ? RESTATE_MS : now.getTime() - monitor.restatedAt.getTime();
  return since >= RESTATE_MS ? { look: true, waitMs: null } : { look: false, waitMs: RESTATE_MS - since };
}

/** Windows that one look makes good at most, where rows came late for a time that had none. */
const MOST_MISSED = 200;

/**
 * The closed windows that hold a changed time, in order: those that are stored, and those that had no rows when their time
 * passed and may have some now.
 */
export function touchedSpans(
  windows: readonly WindowSummary[],
  ranges: readonly TouchedRange[],
  cut: WindowCut | null,
): WindowSpan[] {
  const stored = windows.map(({ start, end, title }) => ({
    start: Date.parse(start),
    end: Date.parse(end),
    title,
  }));
  const known = new Map(stored.map((span) => [span.start, span]));
  const newestEnd = stored.at(-1)?.end ?? Number.NEGATIVE_INFINITY;
  const found = stored.filter(({ start, end }) =>
    ranges.some(({ from, until }) => from.getTime() < end && until.getTime() >= start),
  );
  if (cut === null) return found;
  const missed = new Map<number, WindowSpan>();
  for (const { from, until } of ranges) {
    for (let time = from.getTime(); time <= until.getTime() && missed.size < MOST_MISSED; ) {
      const span = windowOf(time, cut);
      if (span.end > newestEnd) break;
      if (!known.has(span.start)) missed.set(span.start, span);
      time = span.end;
    }
  }
  return [...found, ...missed.values()].toSorted((a, b) => a.start - b.start);
}

/** True where a window computed anew says what it said before. */
export function saysTheSame(
  before: WindowSummary,
  after: Omit<WindowSummary, "closedAt" | "restated" | "restatedAt">,
): boolean {
  const { closedAt: _closed, restated: _count, restatedAt: _at, level: _level, ...old } = before;
  const { level: _newLevel, ...fresh } = after;
  return canonical(old) === canonical(fresh);
}

/** The same values give the same text, whatever the order of their keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Alarms of the service of a window, by the limits that are set. */
export function isServiceAlarming(
  service: WindowSummary["service"],
  { errorRate, p99Ms }: MonitorSettings["service"],
): boolean {
  if (service === null || service.requests === 0) return false;
  const failing = errorRate !== null && service.errors / service.requests > errorRate;
  const slow = p99Ms !== null && service.p99Ms !== null && service.p99Ms > p99Ms;
  return failing || slow;
}
