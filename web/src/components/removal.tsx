import type { Permission } from "@causeway/contract";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useScope } from "../lib/scope.ts";
import { useWords } from "../lib/words.tsx";
import { ErrorNote } from "./error-note.tsx";
import { RightButton } from "./right-button.tsx";

/** What is said around a removal. */
type RemovalWords = {
  /** On the link that asks. */
  readonly open: string;
  readonly ask: string;
  readonly text: string;
  /** Above the field for the name. */
  readonly typeName: string;
  readonly confirm: string;
};

/** Ends a thing after a second click; in prod its name is typed before. */
export function Removal({
  name,
  permission,
  words,
  isPending,
  error,
  onConfirm,
}: {
  name: string;
  permission: Permission;
  words: RemovalWords;
  isPending: boolean;
  error: Error | null;
  onConfirm: () => void;
}) {
  const { t } = useWords();
  const [isAsked, setAsked] = useState(false);
  const [typed, setTyped] = useState("");
  const mustType = useScope().environment === "prod";
  if (!isAsked) {
    return (
      <p className="small">
        <button type="button" className="link-button" onClick={() => setAsked(true)}>
          {words.open}
        </button>
      </p>
    );
  }
  return (
    <div className="note crit">
      <b>{words.ask}</b>
      <p className="second">{words.text}</p>
      {mustType ? (
        <TextInput
          label={words.typeName}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      ) : null}
      {error === null ? null : <ErrorNote error={error} />}
      <div className="ways">
        <RightButton
          permission={permission}
          className="button danger"
          disabled={isPending || (mustType && typed !== name)}
          onClick={onConfirm}
        >
          {words.confirm}
        </RightButton>
        <button type="button" className="button" onClick={() => setAsked(false)}>
          {t("shell.cancel")}
        </button>
      </div>
    </div>
  );
}
