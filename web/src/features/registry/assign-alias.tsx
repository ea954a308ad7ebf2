import type { Approval, Gate, ModelVersion } from "@causeway/contract";
import { Select } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { useGo } from "../../components/go.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

const KNOWN = ["champion", "challenger"];

/** The decision: which alias of this environment names this version, and what follows when it does. */
export function AssignAlias({
  version,
  champion,
  gate,
  pending,
}: {
  version: ModelVersion;
  champion: number | undefined;
  /** The gate that this version passed; a request for approval names it. */
  gate: Gate | undefined;
  /** The request for this version that waits for its decision. */
  pending: Approval | undefined;
}) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const [alias, setAlias] = useState("champion");
  const assign = useAction(["registry", "assignAlias"]);
  const ask = useAction(["registry", "requestApproval"]);
  const remove = useAction(["registry", "removeAlias"]);
  const rule = useAnswer(["registry", "getAliasRule"], { model: version.model, alias });
  const needsPerson = rule.data?.approval === "person";
  const isAsked = pending !== undefined && pending.alias === alias;
  const deployments = useAnswer(["deployments", "listDeployments"], {});
  const here = version.aliases.filter(({ environment }) => environment === scope.environment);
  const isAssigned = here.some((each) => each.alias === alias);
  const followers = (deployments.data?.items ?? []).filter(
    ({ serve }) => serve === `${version.model}@${alias}`,
  );
  return (
    <div>
      <SectionHead title={t("registry.aliasHere")} />
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
        {isAsked ? (
          <li>{t("registry.isAsked", { alias })}</li>
        ) : needsPerson && !isAssigned ? (
          <li>{t("registry.needsPerson", { alias })}</li>
        ) : null}
        {(isAssigned ? [] : followers).map(({ name }) => (
          <li key={name}>{t("registry.switches", { deployment: name, version: version.version })}</li>
        ))}
      </ul>
      <div className="decide-actions">
        {needsPerson ? (
          <RightButton
            permission="registry:write"
            disabled={isAssigned || isAsked || ask.isPending}
            onClick={() =>
              ask.mutate(
                {
                  model: version.model,
                  alias,
                  version: version.version,
                  ...(gate === undefined ? {} : { gate: gate.id }),
                },
                { onSuccess: (made) => go(places.approval(scope, made)) },
              )
            }
          >
            {t("registry.ask", { alias, environment: scope.environment })}
          </RightButton>
        ) : (
          <RightButton
            permission="registry:write"
            className="button primary"
            disabled={isAssigned || assign.isPending}
            onClick={() => assign.mutate({ model: version.model, alias, version: version.version })}
          >
            {t("registry.assign", { alias, environment: scope.environment })}
          </RightButton>
        )}
        {isAssigned ? (
          <RightButton
            permission="registry:write"
            className="button danger"
            disabled={remove.isPending}
            onClick={() => remove.mutate({ model: version.model, alias })}
          >
            {t("registry.removeAlias")}
          </RightButton>
        ) : null}
      </div>
      {ask.error === null ? null : <ErrorNote error={ask.error} />}
      {assign.error === null ? null : <ErrorNote error={assign.error} />}
      {remove.error === null ? null : <ErrorNote error={remove.error} />}
      <p className="quiet small">
        <code>
          {commandLine(
            scope,
            `registry ${needsPerson ? "request" : "assign"} ${version.model}@${alias} ${version.version}`,
          )}
        </code>
      </p>
    </div>
  );
}
