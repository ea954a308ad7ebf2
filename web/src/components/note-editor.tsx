import type { Permission } from "@causeway/contract";
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../lib/words.tsx";
import { ErrorNote } from "./error-note.tsx";
import { Markdown } from "./markdown.tsx";
import { RightButton } from "./right-button.tsx";

/** A note in Markdown: read as a text, written in a field. */
export function NoteEditor({
  note,
  label,
  permission,
  isPending,
  error,
  onSave,
}: {
  note: string;
  label: string;
  permission: Permission;
  isPending: boolean;
  error: Error | null;
  onSave: (note: string, done: () => void) => void;
}) {
  const { t } = useWords();
  const [draft, setDraft] = useState<string>();
  if (draft === undefined) {
    return (
      <div className="noted">
        {note.trim() === "" ? <p className="quiet">{t("note.none")}</p> : <Markdown text={note} />}
        <RightButton permission={permission} className="link-button" onClick={() => setDraft(note)}>
          {note.trim() === "" ? t("note.write") : t("note.edit")}
        </RightButton>
      </div>
    );
  }
  return (
    <form
      className="noted"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(draft, () => setDraft(undefined));
      }}
    >
      <Textarea
        label={label}
        description={t("note.markdown")}
        autosize
        minRows={4}
        maxRows={18}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      {error === null ? null : <ErrorNote error={error} />}
      <div className="ways">
        <RightButton submit permission={permission} className="button primary" disabled={isPending}>
          {t("note.save")}
        </RightButton>
        <button type="button" className="button" onClick={() => setDraft(undefined)}>
          {t("shell.cancel")}
        </button>
      </div>
    </form>
  );
}
