import type { Deployment } from "@causeway/contract";
import { Autocomplete, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { useGo } from "../../components/go.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** Switches a deployment to another version or alias, or ends it. */
export function SwitchForm({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const [serve, setServe] = useState(deployment.serve);
  const { model } = deployment.revision;
  const versions = useAnswer(["registry", "listVersions"], { model, limit: 50 });
  const update = useAction(["deployments", "updateDeployment"]);
  const offers = [
    `${model}@champion`,
    `${model}@challenger`,
    ...(versions.data?.items ?? []).map(({ version }) => `${model}@${version}`),
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ deployment: deployment.name, serve });
  };
  return (
    <div>
      <SectionHead title={t("deployments.switch")} hint={t("deployments.switchHint")} />
      <form className="form" onSubmit={submit}>
        <Autocomplete label={t("deployments.serve")} data={offers} value={serve} onChange={setServe} />
        {update.error === null ? null : <ErrorNote error={update.error} />}
        <div className="row">
          <button
            type="submit"
            className="button primary"
            disabled={serve === deployment.serve || serve === "" || update.isPending}
          >
            {t("deployments.switchIn", { environment: scope.environment })}
          </button>
        </div>
      </form>
      <EndDeployment deployment={deployment} />
    </div>
  );
}

/** In prod the name is typed before a deployment ends; elsewhere one more click is enough. */
function EndDeployment({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const [isAsked, setAsked] = useState(false);
  const [typed, setTyped] = useState("");
  const remove = useAction(["deployments", "deleteDeployment"]);
  const mustType = scope.environment === "prod";
  if (!isAsked) {
    return (
      <p className="small">
        <button type="button" className="link-button" onClick={() => setAsked(true)}>
          {t("deployments.end")}
        </button>
      </p>
    );
  }
  return (
    <div className="note crit">
      <b>{t("deployments.endAsk", { deployment: deployment.name, environment: scope.environment })}</b>
      <p className="second">{t("deployments.endText")}</p>
      {mustType ? (
        <TextInput
          label={t("deployments.typeName", { deployment: deployment.name })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      ) : null}
      {remove.error === null ? null : <ErrorNote error={remove.error} />}
      <div className="ways">
        <button
          type="button"
          className="button danger"
          disabled={remove.isPending || (mustType && typed !== deployment.name)}
          onClick={() =>
            remove.mutate(
              { deployment: deployment.name },
              { onSuccess: () => go(places.stage(scope, "deployments")) },
            )
          }
        >
          {t("deployments.endIn", { deployment: deployment.name, environment: scope.environment })}
        </button>
        <button type="button" className="button" onClick={() => setAsked(false)}>
          {t("shell.cancel")}
        </button>
      </div>
    </div>
  );
}
