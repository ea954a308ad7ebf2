import { ENVIRONMENTS, GRANTABLE_PERMISSIONS, type Permission } from "@causeway/contract";
import { MultiSelect, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { Command } from "../../components/copy.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Section } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";
import { expiryOf, LIFETIMES, type Lifetime, tokenState } from "./token-lifetime.ts";

/** Named tokens: what each may do and where, made here, shown once, ended at once. */
export function TokensSection() {
  const { t } = useWords();
  const tokens = useAnswer(["platform", "listTokens"], { limit: 1000 });
  const revoke = useAction(["platform", "revokeToken"]);
  const now = new Date();
  return (
    <>
      <NewToken />
      <Section title={t("settings.tokens")} hint={t("settings.tokensHint")}>
        {revoke.error === null ? null : <ErrorNote error={revoke.error} />}
        <Loaded answer={tokens}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="quiet">{t("settings.noTokens")}</p>
            ) : (
              <DataTable
                label={t("settings.tokens")}
                rows={items}
                rowKey={({ id }) => id}
                columns={[
                  {
                    key: "name",
                    title: t("words.name"),
                    sort: ({ name }) => name,
                    cell: ({ name }) => <b>{name}</b>,
                  },
                  {
                    key: "state",
                    title: t("words.state"),
                    cell: (token) => {
                      const state = tokenState(token, now);
                      return (
                        <StatusWord status={state === "valid" ? "ok" : "blocked"}>
                          {t(`settings.${state}`)}
                        </StatusWord>
                      );
                    },
                  },
                  {
                    key: "rights",
                    title: t("settings.rights"),
                    className: "cut",
                    cell: ({ permissions }) => (
                      <span title={permissions.join(", ")}>{permissions.join(", ")}</span>
                    ),
                  },
                  {
                    key: "where",
                    title: t("settings.where"),
                    cell: ({ project, environment }) =>
                      `${project ?? t("settings.everyProject")} / ${environment ?? t("settings.everyEnvironment")}`,
                  },
                  {
                    key: "used",
                    title: t("settings.lastUsed"),
                    number: true,
                    minor: true,
                    sort: ({ lastUsedAt }) => lastUsedAt,
                    cell: ({ lastUsedAt }) =>
                      lastUsedAt === null ? (
                        <span className="quiet">{t("settings.neverUsed")}</span>
                      ) : (
                        <Moment at={lastUsedAt} />
                      ),
                  },
                  {
                    key: "expires",
                    title: t("settings.expires"),
                    number: true,
                    sort: ({ expiresAt }) => expiresAt,
                    cell: ({ expiresAt }) =>
                      expiresAt === null ? (
                        <span className="quiet">{t("settings.never")}</span>
                      ) : (
                        <Moment at={expiresAt} />
                      ),
                  },
                  {
                    key: "act",
                    title: "",
                    hidden: t("settings.revoke"),
                    number: true,
                    cell: (token) =>
                      tokenState(token, now) === "valid" ? (
                        <button
                          type="button"
                          className="button little danger"
                          disabled={revoke.isPending}
                          onClick={() => revoke.mutate({ token: token.id })}
                        >
                          {t("settings.revoke")}
                        </button>
                      ) : null,
                  },
                ]}
              />
            )
          }
        </Loaded>
      </Section>
    </>
  );
}

function NewToken() {
  const { t } = useWords();
  const create = useAction(["platform", "createToken"]);
  const [name, setName] = useState("");
  const [permissions, setPermissions] = useState<Permission[]>([]);
  const [environment, setEnvironment] = useState<string | null>(null);
  const [lifetime, setLifetime] = useState<Lifetime>("90");
  const submit = () => {
    create.mutate(
      {
        name,
        permissions,
        onlyEnvironment: ENVIRONMENTS.find((known) => known === environment) ?? null,
        expiresAt: expiryOf(lifetime, new Date()),
      },
      { onSuccess: () => setName("") },
    );
  };
  return (
    <ActionForm
      open
      title={t("settings.newToken")}
      hint={t("settings.newTokenHint")}
      action={create}
      onSubmit={submit}
      submit={{
        label: t("settings.makeToken"),
        permission: "platform:admin",
        isReady: name !== "" && permissions.length > 0,
      }}
      extra={
        create.data === undefined ? null : (
          <div className="note info">
            <b>{t("settings.tokenOnce", { name: create.data.token.name })}</b>
            <Command line={create.data.secret} />
          </div>
        )
      }
    >
      <div className="row">
        <TextInput
          label={t("words.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
        />
        <Select
          label={t("words.environment")}
          placeholder={t("settings.everyEnvironment")}
          data={[...ENVIRONMENTS]}
          value={environment}
          onChange={setEnvironment}
          clearable
          w={160}
        />
        <Select
          label={t("settings.lifetime")}
          data={LIFETIMES.map((days) => ({
            value: days,
            label: days === "never" ? t("settings.never") : t("settings.days", { count: Number(days) }),
          }))}
          value={lifetime}
          onChange={(value) => setLifetime(LIFETIMES.find((known) => known === value) ?? "90")}
          allowDeselect={false}
          w={160}
        />
      </div>
      <MultiSelect
        label={t("settings.rights")}
        placeholder={permissions.length === 0 ? t("settings.chooseRights") : ""}
        data={[...GRANTABLE_PERMISSIONS]}
        value={permissions}
        onChange={(values) => setPermissions(GRANTABLE_PERMISSIONS.filter((known) => values.includes(known)))}
        searchable
        clearable
      />
    </ActionForm>
  );
}
