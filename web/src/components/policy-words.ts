import type { Cycle, Estimate, Policy, Trigger } from "@causeway/contract";
import type { Format } from "../lib/format.ts";
import type { Translate } from "../lib/words.tsx";
import { windowName } from "./window-name.ts";

type Words = { t: Translate; format: Format };

/** Columns that a reason names. */
const NAMED = 3;

/** The rule of a policy as a sentence in the reader's language. */
export function policySentence({ settings, deployment }: Policy, words: Words): string {
  const { t, format } = words;
  const { when, budget, cooldown, approve, retrain, confirm } = settings;
  const causes = when.map((trigger) => triggerCondition(trigger, words));
  const who = approve.fourEyes ? t("policyRule.fourEyes") : t("policyRule.person");
  return t("policyRule.sentence", {
    deployment,
    pipeline: retrain,
    causes: causes.length === 0 ? t("policyRule.asked") : causes.join(t("policyRule.or")),
    often: t(`policyRule.often.${budget.per}`, { count: budget.trainings }),
    pause:
      cooldown === null
        ? t("policyRule.twoWindows")
        : t("policyRule.apart", { cooldown: format.span(cooldown) }),
    who: approve.by === "person" ? who : t("policyRule.byRule"),
    watch: t("policyRule.watch", { windows: confirm.windows }),
  });
}

/** Why a cycle began; the server's or the person's own words where no figures were kept. */
export function triggerReason({ trigger }: Pick<Cycle, "trigger">, words: Words): string {
  const { t, format } = words;
  const { fact, reason } = trigger;
  switch (fact?.says) {
    case undefined:
      return reason;
    case "drift": {
      const { columns, predictions } = fact;
      const named = columns.slice(0, NAMED).join(", ");
      const rest = columns.length - NAMED;
      const all = rest > 0 ? t("triggerFact.andMore", { columns: named, count: rest }) : named;
      return t(
        `triggerFact.drifted.${columns.length === 0 ? "predictions" : predictions ? "both" : "columns"}`,
        {
          columns: all,
          window: windowName(fact.window, words),
        },
      );
    }
    case "performance":
      return t(fact.promised === null ? "triggerFact.performance" : "triggerFact.promise", {
        metric: fact.metric,
        now: estimateText(fact.now, format),
        window: windowName(fact.window, words),
        reference: estimateText(fact.reference, format),
        promised: fact.promised === null ? "" : format.metric(fact.promised),
      });
    case "labels":
      return t("triggerFact.labels", { rows: fact.rows });
    case "schedule":
      return t("triggerFact.schedule", { cron: fact.cron, zone: fact.zone });
    default:
      return fact satisfies never;
  }
}

/** What holds a policy back; null where nothing does. */
export function heldText({ held, heldBy }: Pick<Policy, "held" | "heldBy">, words: Words): string | null {
  const { t, format } = words;
  switch (heldBy?.says) {
    case undefined:
      return held;
    case "gone":
      return t("heldBy.gone", { deployment: heldBy.deployment, monitor: heldBy.monitor });
    case "paused":
      return t("heldBy.paused");
    case "cycle":
      return t("heldBy.cycle", { cycle: String(heldBy.cycle) });
    case "cooldown":
      return t("heldBy.cooldown", {
        until: format.dateTime(new Date(heldBy.until)),
        cycle: String(heldBy.cycle),
      });
    case "budget":
      return t(`heldBy.budget.${heldBy.per}`, { count: heldBy.trainings });
    case "refusals":
      return t("heldBy.refusals", {
        refusals: heldBy.refusals,
        wanted: heldBy.wanted,
        windows: heldBy.windows,
      });
    case "few-rows":
      return t("heldBy.fewRows", { rows: heldBy.rows });
    default:
      return heldBy satisfies never;
  }
}

function triggerCondition(trigger: Trigger, { t, format }: Words): string {
  switch (trigger.on) {
    case "drift":
      return t("policyRule.when.drift");
    case "performance":
      return t("policyRule.when.performance", {
        metric: trigger.metric ?? t("policyRule.monitorMetric"),
        drop: format.plain(trigger.drop),
        rows: trigger.rows,
      });
    case "labels":
      return t("policyRule.when.labels", { rows: trigger.rows });
    case "schedule":
      return t("policyRule.when.schedule", { cron: trigger.cron, zone: trigger.zone });
    default:
      return trigger satisfies never;
  }
}

function estimateText({ value, low, high }: Estimate, format: Format): string {
  return low === null || high === null
    ? format.metric(value)
    : `${format.metric(value)} (${format.interval(low, high)})`;
}
