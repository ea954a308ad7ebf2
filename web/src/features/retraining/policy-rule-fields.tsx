import { Select, TextInput } from "@mantine/core";
import { useWords } from "../../lib/words.tsx";
import { newRule, RULE_FIELDS, RULE_KINDS, type RuleChoice } from "./policy-rule.ts";

/** The rules of a policy's gate, one row each; none means the default. */
export function PolicyRuleFields({
  rules,
  set,
  wrong,
}: {
  rules: readonly RuleChoice[];
  set: (rules: RuleChoice[]) => void;
  wrong: Readonly<Record<string, string>>;
}) {
  const { t } = useWords();
  const change = (key: string, by: Partial<RuleChoice>) =>
    set(rules.map((each) => (each.key === key ? { ...each, ...by } : each)));
  return (
    <fieldset className="triggers">
      <legend className="field-label">{t("retraining.gate")}</legend>
      {rules.length === 0 ? <p className="quiet small">{t("retraining.gateDefault")}</p> : null}
      {rules.map((rule, index) => (
        <div key={rule.key}>
          <div className="row">
            <Select
              label={t("retraining.ruleWants")}
              data={RULE_KINDS.map((kind) => ({ value: kind, label: t(`retraining.ruleKind.${kind}`) }))}
              value={rule.rule}
              onChange={(kind) =>
                change(rule.key, { ...newRule(kind ?? rule.rule, rule.key), metric: rule.metric })
              }
              allowDeselect={false}
              w={210}
            />
            {RULE_FIELDS[rule.rule].map((field) => (
              <TextInput
                key={field}
                label={
                  field === "amount"
                    ? t(`retraining.ruleAmount.${rule.rule}`)
                    : t(`retraining.ruleField.${field}`)
                }
                inputMode={field === "metric" || field === "slice" ? "text" : "decimal"}
                value={rule[field]}
                onChange={(event) => change(rule.key, { [field]: event.currentTarget.value })}
                w={122}
              />
            ))}
            <button
              type="button"
              className="link-button"
              onClick={() => set(rules.filter(({ key }) => key !== rule.key))}
            >
              {t("retraining.removeRule")}
            </button>
          </div>
          {wrong[`gate.${index}`] === undefined ? null : (
            <p role="alert" className="is-crit small">
              {wrong[`gate.${index}`]}
            </p>
          )}
        </div>
      ))}
      <div>
        <button
          type="button"
          className="link-button"
          onClick={() => set([...rules, newRule("better", crypto.randomUUID())])}
        >
          {t("retraining.addRule")}
        </button>
      </div>
    </fieldset>
  );
}
