import { CHANNEL_KINDS, type Channel, type ChannelKind } from "@causeway/contract";
import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Section } from "../../components/page-frame.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { StatusMark, StatusWord } from "../../components/status-mark.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { MessageList } from "./message-list.tsx";

/** Where alerts and requests for approval are sent. An address goes in and never comes out again. */
export function ChannelsSection() {
  const { t } = useWords();
  const scope = useScope();
  const channels = useAnswer(["platform", "listChannels"], { limit: 1000 });
  return (
    <>
      <NewChannel />
      <Section title={t("settings.channels")} hint={t("settings.channelsHint")}>
        <Loaded answer={channels}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState
                title={t("settings.noChannels")}
                text={t("settings.noChannelsText")}
                command={commandLine(scope, "channels create ops --kind slack")}
              />
            ) : (
              <ChannelTable channels={items} />
            )
          }
        </Loaded>
      </Section>
      <MessageList />
    </>
  );
}

function ChannelTable({ channels }: { channels: readonly Channel[] }) {
  const { t } = useWords();
  const test = useAction(["platform", "testChannel"]);
  const remove = useAction(["platform", "deleteChannel"]);
  const [asked, setAsked] = useState("");
  const tested = test.data;
  return (
    <>
      {test.error === null ? null : <ErrorNote error={test.error} />}
      {remove.error === null ? null : <ErrorNote error={remove.error} />}
      {tested === undefined ? null : (
        <div className={tested.state === "failed" ? "note crit" : "note info"} role="status">
          <b>
            {tested.state === "failed"
              ? t("settings.testFailed", { channel: tested.channel })
              : t("settings.testSent", { channel: tested.channel })}
          </b>
          {tested.problem === null ? null : <p className="second">{tested.problem}</p>}
        </div>
      )}
      <DataTable
        label={t("settings.channels")}
        rows={channels}
        rowKey={({ name }) => name}
        columns={[
          {
            key: "name",
            title: t("words.name"),
            sort: ({ name }) => name,
            cell: ({ name }) => <b>{name}</b>,
          },
          { key: "kind", title: t("words.type"), cell: ({ kind }) => t(`settings.channelKind.${kind}`) },
          { key: "host", title: t("settings.host"), cell: ({ host }) => <code>{host}</code> },
          {
            key: "last",
            title: t("settings.lastMessage"),
            cell: ({ last }) =>
              last === null ? (
                <span className="quiet">{t("settings.noMessageYet")}</span>
              ) : (
                <span title={last.problem ?? undefined}>
                  <StatusWord status={last.state === "sent" ? "ok" : "crit"}>
                    {t(`settings.messageState.${last.state}`)}
                  </StatusWord>{" "}
                  <span className="quiet">
                    <Moment at={last.at} />
                  </span>
                </span>
              ),
          },
          {
            key: "made",
            title: t("words.createdBy"),
            minor: true,
            cell: ({ createdBy, createdAt }) => (
              <>
                {createdBy.name},{" "}
                <span className="quiet">
                  <Moment at={createdAt} />
                </span>
              </>
            ),
          },
          {
            key: "act",
            title: "",
            hidden: t("settings.testOrRemove"),
            number: true,
            cell: ({ name }) => (
              <span className="row-of-buttons end">
                <RightButton
                  permission="platform:admin"
                  className="button little"
                  disabled={test.isPending}
                  onClick={() => test.mutate({ channel: name })}
                >
                  {t("settings.test")}
                </RightButton>
                <RightButton
                  permission="platform:admin"
                  className="button little danger"
                  disabled={remove.isPending}
                  onClick={() =>
                    asked === name
                      ? remove.mutate({ channel: name }, { onSettled: () => setAsked("") })
                      : setAsked(name)
                  }
                >
                  {asked === name ? t("settings.removeSure", { channel: name }) : t("settings.remove")}
                </RightButton>
              </span>
            ),
          },
        ]}
      />
      {asked === "" ? null : (
        <p className="second small">
          <StatusMark status="warn" size={12} /> {t("settings.removeText", { channel: asked })}
        </p>
      )}
    </>
  );
}

function NewChannel() {
  const { t } = useWords();
  const create = useAction(["platform", "createChannel"]);
  const [name, setName] = useState("");
  const [kind, setKind] = useState<ChannelKind>("slack");
  const [url, setUrl] = useState("");
  const submit = () => {
    create.mutate(
      { name, kind, url },
      {
        onSuccess: () => {
          setName("");
          setUrl("");
        },
      },
    );
  };
  return (
    <ActionForm
      open
      title={t("settings.newChannel")}
      hint={t("settings.newChannelHint")}
      action={create}
      onSubmit={submit}
      submit={{
        label: t("settings.makeChannel"),
        permission: "platform:admin",
        isReady: name !== "" && url !== "",
      }}
    >
      <div className="row">
        <TextInput
          label={t("words.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
        />
        <Select
          label={t("words.type")}
          data={CHANNEL_KINDS.map((each) => ({ value: each, label: t(`settings.channelKind.${each}`) }))}
          value={kind}
          onChange={(value) => setKind(value ?? kind)}
          allowDeselect={false}
          w={200}
        />
      </div>
      <TextInput
        type="password"
        label={t("settings.channelUrl")}
        description={t("settings.channelUrlHelp")}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        autoComplete="off"
        required
      />
    </ActionForm>
  );
}
