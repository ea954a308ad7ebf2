import type { ModelVersion } from "@causeway/contract";
import { Select } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

const KNOWN = ["champion", "challenger"];

/** The decision: which alias of this environment names this version, and what follows when it does. */
export function AssignAlias({ version, champion }: { version: ModelVersion; champion: number | undefined }) {
  const { t } = useWords();
  const scope = useScope();
  const [alias, setAlias] = useState("champion");
  const assign = useAction(["registry", "assignAlias"]);
  const remove = useAction(["registry", "removeAlias"]);
  const deployments = useAnswer(["deployments", "listDeployments"], {});
  const here = version.aliases.filter(({ environment }) => environment === scope.environment);
  const isAssigned = here.some((each) => each.alias === alias);
  const followers = (deployments.data?.items ?? []).filter(
    ({ serve }) => serve === `${version.model}@${alias}`,
  );
  return (
    <div>
      <SectionHead title={t("registry.decide")} />
      <Select
        label={t("registry.assignIn", { environment: scope.environment })}
        data={[...new Set([...KNOWN, ...here.map((each) => each.alias)])]}
        value={alias}
        onChange={(value) => setAlias(value ?? "champion")}
        allowDeselect={false}
      />
      <ul className="consequences">
        <li>
          {isAssigned
            ? t("registry.isAssigned", { alias, environment: scope.environment })
            : alias === "champion" && champion !== undefined
              ? t("registry.replaces", { champion, environment: scope.environment })
              : t("registry.names", { alias, environment: scope.environment })}
        </li>
        {(isAssigned ? [] : followers).map(({ name }) => (
          <li key={name}>{t("registry.switches", { deployment: name, version: version.version })}</li>
        ))}
      </ul>
      <div className="decide-actions">
        <button
          type="button"
          className="button primary"
          disabled={isAssigned || assign.isPending}
          onClick={() => assign.mutate({ model: version.model, alias, version: version.version })}
        >
          {t("registry.assign", { alias, environment: scope.environment })}
        </button>
        {isAssigned ? (
          <button
            type="button"
            className="button danger"
            disabled={remove.isPending}
            onClick={() => remove.mutate({ model: version.model, alias })}
          >
            {t("registry.removeAlias")}
          </button>
        ) : null}
      </div>
      {assign.error === null ? null : <ErrorNote error={assign.error} />}
      {remove.error === null ? null : <ErrorNote error={remove.error} />}
      <p className="quiet small">
        <code>{commandLine(scope, `registry assign ${version.model}@${alias} ${version.version}`)}</code>
      </p>
    </div>
  );
}
