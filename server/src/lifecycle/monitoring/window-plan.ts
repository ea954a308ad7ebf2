import { durationMs, type MonitorSettings } from "@causeway/contract";
import { fromWall, toWall } from "./wall-clock.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** The first Monday after 1970 began. */
const MONDAY_MS = 4 * DAY_MS;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A window of event time, `[start, end)` in milliseconds since 1970, and what a person calls it. */
export type WindowSpan = { readonly start: number; readonly end: number; readonly title: string };

/** How windows of event time are cut. */
export type WindowCut = { readonly period: string; readonly zone: string };

/** How a monitor cuts windows by event time; null where it cuts them by count. */
export function windowCut({ window, zone }: Pick<MonitorSettings, "window" | "zone">): WindowCut | null {
  return typeof window === "string" ? { period: window, zone } : null;
}

/**
 * The window that holds a moment. Windows are aligned by the clocks of the zone: months to their first day, whole weeks to a
 * Monday, all else to multiples of its length since midnight of 1970-01-01. A day on which clocks change is a window of
 * 23 or 25 hours.
 */
export function windowOf(time: number, { period, zone }: WindowCut): WindowSpan {
  const wall = toWall(time, zone);
  const [from, until] = isMonth(period) ? monthOf(wall) : spanOf(wall, lengthOf(period));
  return {
    start: fromWall(from, zone),
    end: fromWall(until, zone),
    title: titleOf(from, period),
  };
}

/** The windows that hold some moments and ended by `closedUntil`, in order, each once. */
export function closedWindows(
  times: readonly number[],
  cut: WindowCut,
  { after, closedUntil }: { after: number | null; closedUntil: number },
): WindowSpan[] {
  const found: WindowSpan[] = [];
  for (const time of times.toSorted((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && time < last.end) continue;
    const span = windowOf(time, cut);
    if (span.end > closedUntil) break;
    if (after === null || span.start >= after) found.push(span);
  }
  return found;
}

/** Cuts windows of `rows` rows; `moments` are event times in order with their rows. Rows of one moment stay together. */
export function countedWindows(
  moments: readonly { readonly time: number; readonly rows: number }[],
  { rows, before, closedUntil }: { rows: number; before: number; closedUntil: number },
): WindowSpan[] {
  const found: WindowSpan[] = [];
  let first = before + 1;
  let held = 0;
  let start: number | null = null;
  for (const { time, rows: more } of moments) {
    if (held >= rows && start !== null) {
      if (time > closedUntil) break;
      found.push({ start, end: time, title: `rows ${count(first)} to ${count(first + held - 1)}` });
      first += held;
      held = 0;
      start = null;
    }
    start ??= time;
    held += more;
  }
  return found;
}

/** The same period a year before, by the calendar: 52 weeks where windows are weeks or days, so that weekdays meet. */
export function seasonStart(start: number, { period, zone }: WindowCut): number {
  const wall = toWall(start, zone);
  if (isMonth(period)) {
    const date = new Date(wall);
    return fromWall(Date.UTC(date.getUTCFullYear() - 1, date.getUTCMonth(), 1), zone);
  }
  return fromWall(wall - 52 * WEEK_MS, zone);
}

function isMonth(period: string): boolean {
  return period === "month" || period === "1 month";
}

function lengthOf(period: string): number {
  return durationMs(period) ?? DAY_MS;
}

function monthOf(wall: number): [from: number, until: number] {
  const date = new Date(wall);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)];
}

function spanOf(wall: number, length: number): [from: number, until: number] {
  const anchor = length % WEEK_MS === 0 ? MONDAY_MS : 0;
  const from = anchor + Math.floor((wall - anchor) / length) * length;
  return [from, from + length];
}

function titleOf(wall: number, period: string): string {
  const date = new Date(wall);
  if (isMonth(period)) return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}`;
  const length = lengthOf(period);
  if (length === WEEK_MS) return isoWeek(wall);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ""} ${date.getUTCFullYear()}`;
  if (length % DAY_MS === 0) return length === DAY_MS ? day : `${day}, ${length / DAY_MS} days`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** The week of ISO 8601: it belongs to the year that its Thursday is in. */
function isoWeek(monday: number): string {
  const thursday = monday + 3 * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  const week = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / WEEK_MS);
  return `${year}-W${two(week)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
