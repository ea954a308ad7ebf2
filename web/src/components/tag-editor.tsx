import type { Permission } from "@causeway/contract";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../lib/words.tsx";
import { ErrorNote } from "./error-note.tsx";
import { Icon } from "./icon.tsx";
import { RightButton } from "./right-button.tsx";

/** What is done to tags: some are set, some removed. */
export type TagChange = { set: Record<string, string>; remove: string[] };

/** Tags with their values, to be changed, added and removed one by one. */
export function TagEditor({
  tags,
  permission,
  isPending,
  error,
  onChange,
}: {
  tags: Readonly<Record<string, string>>;
  permission: Permission;
  isPending: boolean;
  error: Error | null;
  onChange: (change: TagChange, done: () => void) => void;
}) {
  const { t } = useWords();
  const [edited, setEdited] = useState<{ key: string; isNew: boolean }>();
  const entries = Object.entries(tags).sort(([a], [b]) => a.localeCompare(b));
  return (
    <div>
      {entries.length === 0 ? <p className="quiet">{t("tagEditor.none")}</p> : null}
      <dl className="facts tag-facts">
        {entries.map(([key, value]) => (
          <div key={key} style={{ display: "contents" }}>
            <dt>{key}</dt>
            <dd>
              <span className="mono">{value}</span>
              <span className="tag-acts">
                <RightButton
                  permission={permission}
                  className="link-button"
                  onClick={() => setEdited({ key, isNew: false })}
                >
                  {t("tagEditor.change")}
                  <span className="unseen"> {key}</span>
                </RightButton>
                <RightButton
                  permission={permission}
                  className="link-button"
                  disabled={isPending}
                  onClick={() => onChange({ set: {}, remove: [key] }, () => undefined)}
                >
                  <Icon name="close" size={12} />
                  <span className="unseen">{t("tagEditor.remove", { tag: key })}</span>
                </RightButton>
              </span>
            </dd>
          </div>
        ))}
      </dl>
      {error === null ? null : <ErrorNote error={error} />}
      {edited === undefined ? (
        <RightButton
          permission={permission}
          className="link-button"
          onClick={() => setEdited({ key: "", isNew: true })}
        >
          {t("tagEditor.add")}
        </RightButton>
      ) : (
        <TagForm
          key={edited.key}
          first={{ key: edited.key, value: tags[edited.key] ?? "" }}
          isNew={edited.isNew}
          permission={permission}
          isPending={isPending}
          onSave={(key, value) => onChange({ set: { [key]: value }, remove: [] }, () => setEdited(undefined))}
          onCancel={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}

/** One tag: its name and its value. */
export function TagForm({
  first,
  isNew,
  permission,
  isPending,
  onSave,
  onCancel,
}: {
  first: { key: string; value: string };
  isNew: boolean;
  permission: Permission;
  isPending: boolean;
  onSave: (key: string, value: string) => void;
  onCancel: () => void;
}) {
  const { t } = useWords();
  const [key, setKey] = useState(first.key);
  const [value, setValue] = useState(first.value);
  return (
    <form
      className="tag-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== "") onSave(key.trim(), value);
      }}
    >
      <TextInput
        label={t("words.name")}
        value={key}
        disabled={!isNew}
        maxLength={250}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <TextInput
        label={t("words.value")}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <RightButton
        submit
        permission={permission}
        className="button"
        disabled={isPending || key.trim() === ""}
      >
        {t("tagEditor.save")}
      </RightButton>
      <button type="button" className="button" onClick={onCancel}>
        {t("shell.cancel")}
      </button>
    </form>
  );
}
