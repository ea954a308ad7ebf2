import type { GateRule } from "@causeway/contract";
import { lowerIsBetter } from "../../components/chart-series.ts";
import type { Format } from "../../lib/format.ts";
import type { Translate } from "../../lib/words.tsx";

/** What a rule judges: its metric, or what it counts. */
export function ruleSubject(rule: GateRule, t: Translate): string {
  switch (rule.rule) {
    case "better":
    case "not-worse":
      return rule.metric;
    case "at-least":
      return rule.slice === undefined ? rule.metric : `${rule.metric}, ${rule.slice}`;
    case "agrees":
      return t("registry.ruleAgrees");
    case "rows":
      return t("registry.ruleRows");
    default:
      return rule satisfies never;
  }
}

/** What a rule asks for. */
export function ruleText(rule: GateRule, { t, format }: { t: Translate; format: Format }): string {
  switch (rule.rule) {
    case "better":
      return rule.by === 0
        ? t("registry.rule.better")
        : t("registry.rule.betterBy", { by: format.signed(rule.by) });
    case "not-worse":
      return rule.by === 0
        ? t("registry.rule.notWorse")
        : t("registry.rule.notWorseBy", { by: format.metric(-rule.by) });
    case "at-least":
      return lowerIsBetter(rule.metric)
        ? t("registry.rule.atMost", { value: format.plain(rule.value) })
        : t("registry.rule.atLeast", { value: format.plain(rule.value) });
    case "agrees":
      return t("registry.rule.agrees", {
        mean: format.plain(rule.mean),
        golden: format.percent(rule.golden, 0),
      });
    case "rows":
      return t("registry.rule.rows", { least: rule.least });
    default:
      return rule satisfies never;
  }
}
