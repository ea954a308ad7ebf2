import { z } from "zod";
import { DURATION_SENTENCE, PERIOD_SENTENCE } from "./issue-rule.ts";

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1e3,
  min: 60e3,
  h: 3_600e3,
  hour: 3_600e3,
  hours: 3_600e3,
  d: 86_400e3,
  day: 86_400e3,
  days: 86_400e3,
  week: 7 * 86_400e3,
  weeks: 7 * 86_400e3,
};

/** The length of a text such as "30 min", "12 h", "2 days" or "1 week" in milliseconds; undefined where it is none. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?([a-z]+)$/.exec(text);
  const milliseconds = Math.round(Number(match?.[1]) * (UNITS[match?.[2] ?? ""] ?? Number.NaN));
  return Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}

/** A length of time as people write it: "0 s", "30 min", "12 h", "2 days", "1 week". */
export const Duration = z.string().refine((text) => durationMs(text) !== undefined, DURATION_SENTENCE);
export type Duration = z.infer<typeof Duration>;

const PERIODS = ["month", "1 month"];

/** The length of a window of event time: a duration, or "1 month" for calendar months. */
export const Period = z
  .string()
  .refine((text) => PERIODS.includes(text) || (durationMs(text) ?? 0) >= 60_000, PERIOD_SENTENCE);
export type Period = z.infer<typeof Period>;
