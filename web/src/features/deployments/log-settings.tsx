import type { Deployment } from "@causeway/contract";
import { Autocomplete, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { useAction } from "../../lib/api.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** The business key that truth can be posted by, and how long the log is kept. */
export function LogSettings({ deployment }: { deployment: Deployment }) {
  const { t } = useWords();
  const scope = useScope();
  const [key, setKey] = useState(deployment.key ?? "");
  const [days, setDays] = useState(deployment.retentionDays === null ? "" : String(deployment.retentionDays));
  const update = useAction(["deployments", "updateDeployment"]);
  const wanted = days.trim() === "" ? null : Number(days);
  const isReadable = wanted === null || (Number.isInteger(wanted) && wanted > 0);
  const isSame = key === (deployment.key ?? "") && wanted === deployment.retentionDays;
  const submit = () => {
    update.mutate({
      deployment: deployment.name,
      key: key.trim() === "" ? null : key.trim(),
      retentionDays: wanted,
    });
  };
  return (
    <div>
      <SectionHead title={t("deployments.logHead")} />
      <ActionForm
        action={update}
        onSubmit={submit}
        submit={{
          label: t("deployments.saveLog", { environment: scope.environment }),
          permission: "deployments:write",
          isReady: !isSame && isReadable,
          isPlain: true,
        }}
      >
        <Autocomplete
          label={t("deployments.keyColumn")}
          description={t("deployments.keyColumnHelp")}
          data={deployment.signature.inputs.filter(({ type }) => type !== "double").map(({ name }) => name)}
          value={key}
          onChange={setKey}
        />
        <TextInput
          label={t("deployments.retention")}
          description={t("deployments.retentionHelp")}
          placeholder={t("deployments.forEver")}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          inputMode="numeric"
          error={isReadable ? undefined : t("deployments.badDays")}
        />
      </ActionForm>
    </div>
  );
}
