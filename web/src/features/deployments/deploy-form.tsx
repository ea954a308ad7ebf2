import { Autocomplete, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { useGo } from "../../components/go.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** Serves a version or an alias under a name, and says the same as a command. */
export function DeployForm({ close }: { close: () => void }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const models = useAnswer(["registry", "listModels"], { limit: 1000 });
  const create = useAction(["deployments", "createDeployment"]);
  const [name, setName] = useState("");
  const [serve, setServe] = useState("");
  const [key, setKey] = useState("");
  const offers = (models.data?.items ?? []).flatMap((model) => [
    ...model.aliases
      .filter(({ environment }) => environment === scope.environment)
      .map(({ alias }) => `${model.name}@${alias}`),
    ...(model.latest === null ? [] : [`${model.name}@${model.latest.version}`]),
  ]);
  const submit = () => {
    create.mutate(
      { name, serve, key: key.trim() === "" ? null : key.trim() },
      { onSuccess: (made) => go(places.deployment(scope, made.name)) },
    );
  };
  return (
    <ActionForm
      title={t("deployments.deployIn", { environment: scope.environment })}
      action={create}
      onSubmit={submit}
      submit={{
        label: t("deployments.deployIn", { environment: scope.environment }),
        permission: "deployments:write",
        isReady: name !== "" && serve !== "",
      }}
      cancel={close}
      command={[
        commandLine(
          scope,
          `deployments create ${name === "" ? "churn" : name} --serve ${serve === "" ? "churn@champion" : serve}${key.trim() === "" ? "" : ` --key ${key.trim()}`}`,
        ),
      ]}
    >
      <div className="row">
        <Autocomplete
          label={t("deployments.serve")}
          placeholder="churn@champion"
          data={[...new Set(offers)]}
          value={serve}
          onChange={(value) => {
            setServe(value);
            if (name === "" && offers.includes(value)) setName(value.split("@")[0]?.toLowerCase() ?? "");
          }}
          required
        />
        <TextInput
          label={t("words.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
        />
        <TextInput
          label={`${t("deployments.keyColumn")} (${t("words.optional")})`}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
      </div>
    </ActionForm>
  );
}
