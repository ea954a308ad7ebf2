import { Autocomplete, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { useGo } from "../../components/go.tsx";
import { Section } from "../../components/page-frame.tsx";
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name, serve, key: key.trim() === "" ? null : key.trim() },
      { onSuccess: (made) => go(places.deployment(scope, made.name)) },
    );
  };
  return (
    <Section title={t("deployments.deployIn", { environment: scope.environment })}>
      <form className="form" onSubmit={submit}>
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
        {create.error === null ? null : <ErrorNote error={create.error} />}
        <div className="row">
          <button
            type="submit"
            className="button primary"
            disabled={name === "" || serve === "" || create.isPending}
          >
            {t("deployments.deployIn", { environment: scope.environment })}
          </button>
          <button type="button" className="button" onClick={close}>
            {t("shell.cancel")}
          </button>
        </div>
        <p className="quiet small">
          <code>
            {commandLine(
              scope,
              `deployments create ${name === "" ? "churn" : name} --serve ${serve === "" ? "churn@champion" : serve}${key.trim() === "" ? "" : ` --key ${key.trim()}`}`,
            )}
          </code>
        </p>
      </form>
    </Section>
  );
}
