import type { Deployment } from "@causeway/contract";
import { Autocomplete } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { useGo } from "../../components/go.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { Removal } from "../../components/removal.tsx";
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
  const submit = () => {
    update.mutate({ deployment: deployment.name, serve });
  };
  return (
    <div>
      <SectionHead title={t("deployments.switch")} hint={t("deployments.switchHint")} />
      <ActionForm
        action={update}
        onSubmit={submit}
        submit={{
          label: t("deployments.switchIn", { environment: scope.environment }),
          permission: "deployments:write",
          isReady: serve !== deployment.serve && serve !== "",
        }}
      >
        <Autocomplete label={t("deployments.serve")} data={offers} value={serve} onChange={setServe} />
      </ActionForm>
      <EndDeployment deployment={deployment} />
    </div>
  );
}

/** Ends a deployment; its log stays. */
function EndDeployment({ deployment: { name } }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const remove = useAction(["deployments", "deleteDeployment"]);
  return (
    <Removal
      name={name}
      permission="deployments:write"
      words={{
        open: t("deployments.end"),
        ask: t("deployments.endAsk", { deployment: name, environment: scope.environment }),
        text: t("deployments.endText"),
        typeName: t("deployments.typeName", { deployment: name }),
        confirm: t("deployments.endIn", { deployment: name, environment: scope.environment }),
      }}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate({ deployment: name }, { onSuccess: () => go(places.stage(scope, "deployments")) })
      }
    />
  );
}
