import type { Policy } from "@causeway/contract";
import { Autocomplete, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { ruleText } from "../../components/error-words.ts";
import { useGo, useView } from "../../components/go.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { choiceOf, type PolicyChoice, readChoice, type Wrong } from "./policy-choice.ts";
import { policyCommand } from "./policy-command.ts";
import { PolicyFields } from "./policy-fields.tsx";

/** Makes a policy from the schema's defaults, or changes the rule of one; says the same as a command. */
export function PolicyForm({ policy, close }: { policy?: Policy; close: () => void }) {
  const { t, format } = useWords();
  const scope = useScope();
  const go = useGo();
  const [wanted] = useView("deployment");
  const deployments = useAnswer(["deployments", "listDeployments"], { limit: 1000 });
  const monitors = useAnswer(["monitoring", "listMonitors"], { limit: 1000 });
  const create = useAction(["retraining", "createPolicy"]);
  const update = useAction(["retraining", "updatePolicy"]);
  const [choice, setChoice] = useState<PolicyChoice>(() => ({
    ...choiceOf(policy?.settings),
    name: policy?.name ?? "",
    deployment: policy?.deployment ?? wanted,
  }));
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const set = (change: Partial<PolicyChoice>) => setChoice((before) => ({ ...before, ...change }));
  const sentences = (of: Wrong) =>
    Object.fromEntries(
      Object.entries(of).map(([field, rule]) => [
        field,
        typeof rule === "string"
          ? rule
          : t("fieldRule.gotNothing", { expected: ruleText(rule, { t, format }) }),
      ]),
    );
  const submit = () => {
    const hasTrigger = choice.performance || choice.drift || choice.labels || choice.schedule;
    const read = readChoice(choice, policy?.settings);
    setWrong({
      ...("wrong" in read ? sentences(read.wrong) : {}),
      ...(hasTrigger ? {} : { when: t("retraining.chooseTriggers") }),
    });
    if ("wrong" in read || !hasTrigger) return;
    if (policy !== undefined) {
      update.mutate({ policy: policy.name, settings: read.settings }, { onSuccess: close });
      return;
    }
    create.mutate(
      {
        name: choice.name.trim() === "" ? choice.deployment : choice.name.trim(),
        deployment: choice.deployment,
        ...(choice.monitor === "" ? {} : { monitor: choice.monitor }),
        settings: read.settings,
      },
      { onSuccess: ({ name }) => go(places.policy(scope, name)) },
    );
  };
  const action = policy === undefined ? create : update;
  const watching = (monitors.data?.items ?? []).filter(({ deployment }) => deployment === choice.deployment);
  const said = policyCommand(choice);
  return (
    <ActionForm
      title={
        policy === undefined
          ? t("retraining.newPolicyIn", { environment: scope.environment })
          : t("retraining.editPolicy")
      }
      hint={policy === undefined ? t("retraining.newPolicyHint") : t("retraining.editHint")}
      action={action}
      onSubmit={submit}
      submit={{
        label:
          policy === undefined
            ? t("retraining.makePolicy", { environment: scope.environment })
            : t("retraining.savePolicy", { environment: scope.environment }),
        permission: "retraining:write",
        isReady: choice.deployment !== "" && choice.retrain !== "",
      }}
      cancel={close}
      command={
        policy === undefined
          ? [commandLine(scope, said.command), ...(said.file === undefined ? [] : [said.file])]
          : undefined
      }
      isChecked
    >
      {policy !== undefined ? null : (
        <div className="row">
          <Autocomplete
            label={t("trace.deployment")}
            description={t("retraining.chooseDeployment")}
            data={(deployments.data?.items ?? []).map(({ name }) => name)}
            value={choice.deployment}
            onChange={(deployment) => set({ deployment, monitor: "" })}
            required
          />
          <TextInput
            label={`${t("words.name")} (${t("words.optional")})`}
            placeholder={choice.deployment}
            value={choice.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {watching.length < 2 ? null : (
            <Select
              label={t("retraining.monitorName")}
              description={t("retraining.monitorHelp")}
              data={watching.map(({ name }) => name)}
              value={choice.monitor === "" ? null : choice.monitor}
              onChange={(monitor) => set({ monitor: monitor ?? "" })}
              required
            />
          )}
        </div>
      )}
      <PolicyFields choice={choice} set={set} wrong={wrong} />
    </ActionForm>
  );
}
