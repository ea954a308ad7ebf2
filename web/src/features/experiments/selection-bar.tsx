import { TextInput } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { useGo } from "../../components/go.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { TagForm } from "../../components/tag-editor.tsx";
import { useAction } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { CleanUpForm } from "./clean-up-form.tsx";

/** Runs that can be laid beside each other. */
export const MOST_COMPARED = 100;
/** Runs of one request. */
const BATCH = 1000;

/** What can be done with the chosen runs. */
export function SelectionBar({
  chosen,
  isDeleted,
  onDone,
  onClear,
}: {
  chosen: readonly string[];
  /** Whether the table shows deleted runs. */
  isDeleted: boolean;
  onDone: () => void;
  onClear: () => void;
}) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const [asked, setAsked] = useState<"tag" | "untag" | "delete" | "purge">();
  const tag = useAction(["experiments", "tagRuns"]);
  const remove = useAction(["experiments", "deleteRuns"]);
  const restore = useAction(["experiments", "restoreRuns"]);
  const isPending = tag.isPending || remove.isPending || restore.isPending;
  const error = tag.error ?? remove.error ?? restore.error;
  const inBatches = async (act: (runs: string[]) => Promise<unknown>) => {
    for (let from = 0; from < chosen.length; from += BATCH) await act(chosen.slice(from, from + BATCH));
    setAsked(undefined);
    onDone();
  };
  // The error stands in the action itself and is shown below; nothing else follows it.
  const run = (act: (runs: string[]) => Promise<unknown>) => void inBatches(act).catch(() => undefined);
  return (
    <section className="selection" aria-label={t("runList.selection")}>
      <div className="selection-line">
        <b aria-live="polite">{t("runList.chosen", { count: chosen.length })}</b>
        <button
          type="button"
          className="button little"
          disabled={chosen.length < 2 || chosen.length > MOST_COMPARED}
          title={
            chosen.length < 2
              ? t("experiments.compareHint")
              : chosen.length > MOST_COMPARED
                ? t("runList.compareMost", { count: MOST_COMPARED })
                : undefined
          }
          onClick={() => go(places.compare(scope, chosen))}
        >
          {t("experiments.compare")}
        </button>
        <RightButton
          permission="experiments:write"
          className="button little"
          disabled={isPending || isDeleted}
          onClick={() => setAsked("tag")}
        >
          {t("runList.tag")}
        </RightButton>
        <RightButton
          permission="experiments:write"
          className="button little"
          disabled={isPending || isDeleted}
          onClick={() => setAsked("untag")}
        >
          {t("runList.untag")}
        </RightButton>
        {isDeleted ? (
          <RightButton
            permission="experiments:write"
            className="button little"
            disabled={isPending}
            onClick={() => run((runs) => restore.mutateAsync({ runs }))}
          >
            {t("runList.restore")}
          </RightButton>
        ) : null}
        {isDeleted ? (
          <RightButton
            permission="platform:admin"
            className="button little danger"
            disabled={isPending || chosen.length > BATCH}
            onClick={() => setAsked("purge")}
          >
            {t("runList.purge")}
          </RightButton>
        ) : (
          <RightButton
            permission="experiments:write"
            className="button little danger"
            disabled={isPending}
            onClick={() => setAsked("delete")}
          >
            {t("runList.delete")}
          </RightButton>
        )}
        <button type="button" className="link-button" onClick={onClear}>
          {t("runList.clear")}
        </button>
      </div>
      {asked === "tag" ? (
        <TagForm
          first={{ key: "", value: "" }}
          isNew
          permission="experiments:write"
          isPending={isPending}
          onSave={(key, value) => run((runs) => tag.mutateAsync({ runs, set: { [key]: value } }))}
          onCancel={() => setAsked(undefined)}
        />
      ) : null}
      {asked === "untag" ? (
        <UntagForm
          isPending={isPending}
          onSave={(key) => run((runs) => tag.mutateAsync({ runs, remove: [key] }))}
          onCancel={() => setAsked(undefined)}
        />
      ) : null}
      {asked === "delete" ? (
        <div className="note crit">
          <b>{t("runList.deleteAsk", { count: chosen.length })}</b>
          <p className="second">{t("runList.deleteText")}</p>
          <div className="ways">
            <RightButton
              permission="experiments:write"
              className="button danger"
              disabled={isPending}
              onClick={() => run((runs) => remove.mutateAsync({ runs }))}
            >
              {t("runList.deleteConfirm", { count: chosen.length })}
            </RightButton>
            <button type="button" className="button" onClick={() => setAsked(undefined)}>
              {t("shell.cancel")}
            </button>
          </div>
        </div>
      ) : null}
      {asked === "purge" ? (
        <CleanUpForm runs={chosen} onDone={onDone} onCancel={() => setAsked(undefined)} />
      ) : null}
      {error === null ? null : <ErrorNote error={error} />}
    </section>
  );
}

function UntagForm({
  isPending,
  onSave,
  onCancel,
}: {
  isPending: boolean;
  onSave: (key: string) => void;
  onCancel: () => void;
}) {
  const { t } = useWords();
  const [key, setKey] = useState("");
  return (
    <form
      className="tag-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== "") onSave(key.trim());
      }}
    >
      <TextInput
        label={t("runList.untagName")}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <RightButton
        submit
        permission="experiments:write"
        className="button"
        disabled={isPending || key.trim() === ""}
      >
        {t("runList.untag")}
      </RightButton>
      <button type="button" className="button" onClick={onCancel}>
        {t("shell.cancel")}
      </button>
    </form>
  );
}
