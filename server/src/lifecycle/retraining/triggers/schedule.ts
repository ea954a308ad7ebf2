import { fail } from "@causeway/contract";
import { CronExpressionParser } from "cron-parser";
import { defineTrigger } from "./define.ts";

/** A time of its cron expression has passed since schedules were looked at; times missed in between count once. */
export const schedule = defineTrigger({
  on: "schedule",
  notice({ cron, zone }, { now, consideredAt, windows }) {
    const due = lastTime({ cron, zone }, now);
    if (due <= consideredAt) return null;
    const fact = { says: "schedule", cron, zone } as const;
    return { reason: `its schedule ${cron} (${zone}) was due`, window: windows[0] ?? null, fact };
  },
  say: ({ cron, zone }) => `the schedule ${cron} (${zone}) is due`,
});

/** The newest time of an expression that is not after `now`; refuses what is no cron expression or zone. */
export function lastTime({ cron, zone }: { cron: string; zone: string }, now: Date): Date {
  if (cron.trim().split(/\s+/).length !== 5) throw notCron(cron, undefined);
  try {
    // `prev` looks strictly before its date.
    const currentDate = new Date(now.getTime() + 1_000);
    return CronExpressionParser.parse(cron, { tz: zone, currentDate }).prev().toDate();
  } catch (cause) {
    throw notCron(`${cron} (${zone})`, cause);
  }
}

function notCron(value: string, cause: unknown) {
  return fail("INVALID_FIELD", {
    message: `${value} is not a schedule`,
    field: "settings.when",
    value,
    help: 'Write five fields and a time zone, for example "0 3 * * MON" and "Asia/Ho_Chi_Minh".',
    cause,
  });
}
