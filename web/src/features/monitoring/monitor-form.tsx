import { Autocomplete, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { useGo } from "../../components/go.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { EMPTY_CHOICE, monitorCommand, settingsOf } from "./monitor-choice.ts";

const LENGTHS = ["1 h", "1 day", "1 week", "1 month"];

/** Watches a deployment, and says the same as a command. */
export function MonitorForm({ close }: { close: () => void }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const deployments = useAnswer(["deployments", "listDeployments"], { limit: 1000 });
  const channels = useAnswer(["platform", "listChannels"], { limit: 1000 });
  const create = useAction(["monitoring", "createMonitor"]);
  const [choice, setChoice] = useState(EMPTY_CHOICE);
  const set = (key: keyof typeof EMPTY_CHOICE) => (value: string) =>
    setChoice((before) => ({ ...before, [key]: value }));
  const field = (key: keyof typeof EMPTY_CHOICE) => ({
    value: choice[key],
    onChange: (event: { currentTarget: { value: string } }) => set(key)(event.currentTarget.value),
  });
  const submit = () => {
    create.mutate(
      {
        name: choice.name === "" ? choice.deployment : choice.name,
        deployment: choice.deployment,
        settings: settingsOf(choice),
      },
      { onSuccess: ({ name }) => go(places.monitor(scope, name)) },
    );
  };
  return (
    <ActionForm
      title={t("monitoring.watchIn", { environment: scope.environment })}
      className="paired"
      action={create}
      onSubmit={submit}
      submit={{
        label: t("monitoring.watchIn", { environment: scope.environment }),
        permission: "monitoring:write",
        isReady: choice.deployment !== "",
      }}
      cancel={close}
      command={[commandLine(scope, monitorCommand(choice))]}
    >
      <div className="row">
        <Autocomplete
          label={t("monitoring.deployment")}
          data={(deployments.data?.items ?? []).map(({ name }) => name)}
          value={choice.deployment}
          onChange={set("deployment")}
          required
        />
        <TextInput
          label={`${t("words.name")} (${t("words.optional")})`}
          placeholder={choice.deployment}
          {...field("name")}
        />
      </div>
      <div className="row">
        <Autocomplete
          label={t("monitoring.length")}
          description={t("monitoring.lengthHint")}
          data={LENGTHS}
          value={choice.window}
          onChange={set("window")}
          required
        />
        <TextInput
          label={t("monitoring.lateness")}
          description={t("monitoring.latenessHint")}
          {...field("lateness")}
        />
      </div>
      <div className="row">
        <TextInput
          label={t("monitoring.truthWithin")}
          description={t("monitoring.truthWithinHint")}
          {...field("within")}
        />
        <TextInput
          label={t("monitoring.drop")}
          description={t("monitoring.dropHint")}
          inputMode="decimal"
          {...field("drop")}
        />
      </div>
      <Autocomplete
        label={`${t("monitoring.notify")} (${t("words.optional")})`}
        description={t("monitoring.notifyHint")}
        data={(channels.data?.items ?? []).map(({ name }) => name)}
        value={choice.notify}
        onChange={set("notify")}
      />
    </ActionForm>
  );
}
