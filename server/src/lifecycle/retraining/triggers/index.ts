import type { Trigger } from "@causeway/contract";
import type { Evidence, Notice, TriggerRule } from "./define.ts";
import { drift } from "./drift.ts";
import { labels } from "./labels.ts";
import { performance } from "./performance.ts";
import { schedule } from "./schedule.ts";

export type { Evidence, Notice } from "./define.ts";
export { lastTime } from "./schedule.ts";

/** Every kind of trigger. */
export const TRIGGERS = [performance, drift, labels, schedule] as const;

/** What a trigger has to say of the evidence. */
export function noticeOf(trigger: Trigger, evidence: Evidence): Notice | null {
  return ruleOf(trigger).notice(trigger, evidence);
}

/** The trigger's condition in words. */
export function sayTrigger(trigger: Trigger): string {
  return ruleOf(trigger).say(trigger);
}

function ruleOf(trigger: Trigger): TriggerRule {
  const rule = TRIGGERS.find(({ on }) => on === trigger.on);
  if (rule === undefined) throw new Error(`no trigger ${trigger.on}`);
  return rule as TriggerRule; // the rule of the trigger's own kind
}
