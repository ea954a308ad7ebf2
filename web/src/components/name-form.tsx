import type { Permission } from "@causeway/contract";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../lib/words.tsx";
import { ErrorNote } from "./error-note.tsx";
import { RightButton } from "./right-button.tsx";

type Action = { readonly error: Error | null; readonly isPending: boolean };

/** Makes a thing that needs no more than a name; the field is empty again once it is made. */
export function NameForm({
  label,
  submit,
  permission,
  action,
  onName,
}: {
  label: string;
  submit: string;
  permission: Permission;
  action: Action;
  onName: (name: string, done: () => void) => void;
}) {
  const [name, setName] = useState("");
  return (
    <>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          onName(name, () => setName(""));
        }}
      >
        <TextInput
          aria-label={label}
          placeholder={label}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RightButton submit permission={permission} disabled={name === "" || action.isPending}>
          {submit}
        </RightButton>
      </form>
      {action.error === null ? null : <ErrorNote error={action.error} />}
    </>
  );
}

/** Gives a thing another name. */
export function RenameForm({
  label,
  name: now,
  longest,
  permission,
  action,
  onName,
  cancel,
}: {
  label: string;
  name: string;
  /** In characters. */
  longest: number;
  permission: Permission;
  action: Action;
  onName: (name: string) => void;
  cancel?: () => void;
}) {
  const { t } = useWords();
  const [name, setName] = useState(now);
  return (
    <form
      className="tag-form"
      onSubmit={(event) => {
        event.preventDefault();
        onName(name);
      }}
    >
      <TextInput
        label={label}
        value={name}
        maxLength={longest}
        data-autofocus={cancel === undefined ? undefined : true}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <RightButton
        submit
        permission={permission}
        disabled={action.isPending || name.trim() === "" || name === now}
      >
        {t("runList.rename")}
      </RightButton>
      {cancel === undefined ? null : (
        <button type="button" className="button" onClick={cancel}>
          {t("shell.cancel")}
        </button>
      )}
      {action.error === null ? null : <ErrorNote error={action.error} />}
    </form>
  );
}
