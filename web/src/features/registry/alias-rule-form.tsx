import type { AliasRule, Model } from "@causeway/contract";
import { Checkbox, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** Who may move an alias of this environment: anyone who may write, or only a person who approves. */
export function AliasRuleForm({ model }: { model: Model }) {
  const { t } = useWords();
  const scope = useScope();
  const [alias, setAlias] = useState("champion");
  const rule = useAnswer(["registry", "getAliasRule"], { model: model.name, alias });
  const known = model.aliases.filter(({ environment }) => environment === scope.environment);
  return (
    <div>
      <SectionHead
        title={t("registry.aliasRule")}
        hint={t("registry.aliasRuleHint", { environment: scope.environment })}
      />
      <Select
        label={t("words.alias")}
        data={[...new Set(["champion", "challenger", ...known.map((each) => each.alias)])]}
        value={alias}
        onChange={(next) => setAlias(next ?? alias)}
        allowDeselect={false}
        mb={12}
      />
      <Loaded answer={rule} skeleton={<RowsSkeleton rows={2} columns={1} />}>
        {(found) => (
          <RuleFields
            key={`${alias} ${found.approval} ${found.fourEyes} ${found.expiresAfter}`}
            model={model.name}
            alias={alias}
            rule={found}
          />
        )}
      </Loaded>
    </div>
  );
}

function RuleFields({ model, alias, rule }: { model: string; alias: string; rule: AliasRule }) {
  const { t } = useWords();
  const scope = useScope();
  const set = useAction(["registry", "setAliasRule"]);
  const [approval, setApproval] = useState(rule.approval);
  const [fourEyes, setFourEyes] = useState(rule.fourEyes);
  const [expiresAfter, setExpiresAfter] = useState<string>(rule.expiresAfter);
  const isSame =
    approval === rule.approval && fourEyes === rule.fourEyes && expiresAfter === rule.expiresAfter;
  const submit = () => {
    set.mutate({ model, alias, approval, fourEyes, expiresAfter });
  };
  return (
    <ActionForm
      action={set}
      onSubmit={submit}
      submit={{
        label: t("registry.saveRule", { alias, environment: scope.environment }),
        permission: "registry:approve",
        isReady: !isSame,
        isPlain: true,
      }}
      command={[
        commandLine(
          scope,
          `registry rule ${model}@${alias} --approval ${approval}${approval === "person" && fourEyes ? " --four-eyes" : ""}${approval === "person" && expiresAfter !== "7 days" ? ` --expires "${expiresAfter}"` : ""}`,
        ),
      ]}
    >
      <Select
        label={t("registry.movesBy")}
        data={(["automatic", "person"] as const).map((each) => ({
          value: each,
          label: t(`registry.approvalBy.${each}`),
        }))}
        value={approval}
        onChange={(next) => setApproval(next ?? approval)}
        allowDeselect={false}
      />
      {approval === "automatic" ? null : (
        <>
          <Checkbox
            label={t("registry.fourEyes")}
            checked={fourEyes}
            onChange={(event) => setFourEyes(event.currentTarget.checked)}
          />
          <TextInput
            label={t("registry.expiresAfter")}
            value={expiresAfter}
            onChange={(event) => setExpiresAfter(event.currentTarget.value)}
          />
        </>
      )}
    </ActionForm>
  );
}
