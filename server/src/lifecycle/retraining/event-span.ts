import { durationMs, fail, type PolicySettings } from "@causeway/contract";

/** A span of event time as budgets and windows have it. */
export type Span = PolicySettings["budget"]["per"] | string;

const CALENDAR: Readonly<Record<string, number>> = {
  month: 1,
  "1 month": 1,
  year: 12,
};
const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7 };

/** The moment a span after (or, with -1, before) another: months and years by the calendar in UTC, all else by length. */
export function shifted(from: Date, span: Span, direction: 1 | -1): Date {
  const months = CALENDAR[span];
  if (months === undefined) return new Date(from.getTime() + direction * lengthMs(span));
  const day = from.getUTCDate();
  const moved = new Date(from);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + direction * months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  // A month after 31 January is the last day of February.
  moved.setUTCDate(Math.min(day, lastDay));
  return moved;
}

function lengthMs(span: string): number {
  const length = DAYS[span] === undefined ? durationMs(span) : DAYS[span] * DAY_MS;
  if (length !== undefined) return length;
  throw fail("INVALID_FIELD", {
    message: `${span} is not a length of time`,
    value: span,
    help: 'Write for example "3 days".',
  });
}
