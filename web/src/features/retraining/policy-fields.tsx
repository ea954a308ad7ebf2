import { Autocomplete, Checkbox, MultiSelect, Select, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";
import type { PolicyChoice } from "./policy-choice.ts";
import { PolicyRuleFields } from "./policy-rule-fields.tsx";

type Kind<Value> = {
  [Key in keyof PolicyChoice]: PolicyChoice[Key] extends Value ? Key : never;
}[keyof PolicyChoice];

/** The fields of a policy's rule, each with the schema's default as its value. */
export function PolicyFields({
  choice,
  set,
  wrong,
}: {
  choice: PolicyChoice;
  set: (change: Partial<PolicyChoice>) => void;
  wrong: Readonly<Record<string, string>>;
}) {
  const { t } = useWords();
  const pipelines = useAnswer(["pipelines", "listPipelines"], { limit: 1000 });
  const channels = useAnswer(["platform", "listChannels"], { limit: 1000 });
  const text = (key: Kind<string>) => ({
    value: choice[key],
    error: wrong[key],
    onChange: (event: { currentTarget: { value: string } }) => set({ [key]: event.currentTarget.value }),
  });
  const params =
    pipelines.data?.items.find(({ name }) => name === choice.retrain)?.latest.definition.datasetParams ?? [];
  return (
    <>
      <div className="row">
        <Autocomplete
          label={t("retraining.pipeline")}
          description={t("retraining.retrainHelp")}
          data={(pipelines.data?.items ?? []).map(({ name }) => name)}
          value={choice.retrain}
          onChange={(retrain) => set({ retrain })}
          error={wrong["retrain"]}
          required
        />
        {params.length < 2 ? null : (
          <Select
            label={t("retraining.param")}
            description={t("retraining.paramHelp")}
            data={[...params]}
            value={choice.param === "" ? null : choice.param}
            onChange={(param) => set({ param: param ?? "" })}
            clearable
          />
        )}
        <TextInput
          label={t("retraining.target")}
          description={t("retraining.targetHelp")}
          {...text("target")}
        />
      </div>
      <Textarea
        label={t("retraining.params")}
        description={t("retraining.paramsHelp")}
        placeholder={"seed = 3"}
        autosize
        minRows={1}
        {...text("params")}
      />
      <fieldset className="triggers">
        <legend className="field-label">{t("retraining.triggers")}</legend>
        <TriggerField kind="performance" choice={choice} set={set}>
          <TextInput label={t("retraining.drop")} inputMode="decimal" w={170} {...text("drop")} />
          <TextInput
            label={t("words.metric")}
            placeholder={t("retraining.metricOfMonitor")}
            w={170}
            {...text("metric")}
          />
          <TextInput label={t("retraining.truthRows")} inputMode="numeric" w={170} {...text("truthRows")} />
        </TriggerField>
        <TriggerField kind="drift" choice={choice} set={set} />
        <TriggerField kind="labels" choice={choice} set={set}>
          <TextInput label={t("retraining.rows")} inputMode="numeric" w={120} {...text("rows")} />
        </TriggerField>
        <TriggerField kind="schedule" choice={choice} set={set}>
          <TextInput label={t("retraining.cron")} w={140} {...text("cron")} />
          <TextInput label={t("retraining.zone")} w={140} {...text("zone")} />
        </TriggerField>
        {wrong["when"] === undefined ? null : <p className="is-crit small">{wrong["when"]}</p>}
      </fieldset>
      <div className="row">
        <TextInput
          label={t("retraining.cooldown")}
          placeholder={t("retraining.cooldownWindow")}
          {...text("cooldown")}
        />
        <TextInput
          label={`${t("retraining.budget")}, ${t("retraining.atMost")}`}
          inputMode="numeric"
          w={140}
          {...text("trainings")}
        />
        <Select
          label={t("retraining.per")}
          data={(["day", "week", "month", "year"] as const).map((unit) => ({
            value: unit,
            label: t(`retraining.budgetUnits.${unit}`),
          }))}
          value={choice.per}
          onChange={(per) => set({ per: per ?? choice.per })}
          allowDeselect={false}
          w={120}
        />
      </div>
      <div className="row">
        <Autocomplete
          label={t("retraining.dataWindow")}
          description={t("retraining.dataWindowHelp")}
          data={["auto", "all", "90 days"]}
          value={choice.window}
          onChange={(window) => set({ window })}
          error={wrong["window"]}
        />
        <TextInput label={t("retraining.leastRows")} inputMode="numeric" w={180} {...text("leastRows")} />
      </div>
      <PolicyRuleFields rules={choice.gate} set={(gate) => set({ gate })} wrong={wrong} />
      <Checkbox
        label={t("retraining.refit")}
        checked={choice.refit}
        onChange={(event) => set({ refit: event.currentTarget.checked })}
      />
      <div className="row">
        <Select
          label={t("retraining.approve")}
          data={(["rule", "person"] as const).map((by) => ({
            value: by,
            label: t(`retraining.approveBy.${by}`),
          }))}
          value={choice.approveBy}
          onChange={(by) => set({ approveBy: by ?? choice.approveBy })}
          allowDeselect={false}
        />
        <TextInput label={t("retraining.expiresAfter")} {...text("expiresAfter")} />
        <TextInput label={t("retraining.alias")} w={140} {...text("alias")} />
      </div>
      <Checkbox
        label={t("retraining.fourEyes")}
        checked={choice.fourEyes}
        onChange={(event) => set({ fourEyes: event.currentTarget.checked })}
      />
      <div className="row">
        <TextInput
          label={t("retraining.confirm")}
          description={t("retraining.confirmHelp")}
          inputMode="numeric"
          {...text("confirm")}
        />
        <MultiSelect
          label={t("retraining.notify")}
          description={t("retraining.notifyHelp")}
          placeholder={choice.notify.length === 0 ? t("retraining.noChannels") : ""}
          data={[...new Set([...(channels.data?.items ?? []).map(({ name }) => name), ...choice.notify])]}
          value={choice.notify}
          onChange={(notify) => set({ notify })}
          miw={200}
        />
      </div>
    </>
  );
}

/** One trigger with its own fields, which show while it is chosen. */
function TriggerField({
  kind,
  choice,
  set,
  children,
}: {
  kind: "performance" | "drift" | "labels" | "schedule";
  choice: PolicyChoice;
  set: (change: Partial<PolicyChoice>) => void;
  children?: ReactNode;
}) {
  const { t } = useWords();
  return (
    <div className="trigger-field">
      <Checkbox
        label={t(`retraining.trigger.${kind}`)}
        description={t(`retraining.triggerHelp.${kind}`)}
        checked={choice[kind]}
        onChange={(event) => set({ [kind]: event.currentTarget.checked })}
      />
      {choice[kind] && children !== undefined ? <div className="row">{children}</div> : null}
    </div>
  );
}
