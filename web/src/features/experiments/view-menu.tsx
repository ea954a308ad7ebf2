import type { RunView, SavedView } from "@causeway/contract";
import { Popover, TextInput } from "@mantine/core";
import { useState } from "react";
import { useCopy } from "../../components/copy.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";

/** Keeps the view of a page under a name, opens those that were kept, and removes them. */
export function ViewMenu({
  experiment,
  current,
  isOfPage,
  onOpen,
}: {
  /** The experiment that views belong to; null for comparisons. */
  experiment: string | null;
  /** The view at the moment when it is kept. */
  current: () => RunView;
  /** Which of the kept views this page can show. */
  isOfPage: (view: SavedView) => boolean;
  onOpen: (view: RunView) => void;
}) {
  const { t } = useWords();
  const [name, setName] = useState("");
  const views = useAnswer(["experiments", "listViews"], {
    limit: 1000,
    ...(experiment === null ? {} : { experiment }),
  });
  const save = useAction(["experiments", "saveView"]);
  const remove = useAction(["experiments", "deleteView"]);
  const link = useCopy();
  const kept = (views.data?.items ?? []).filter(isOfPage);
  const error = save.error ?? remove.error ?? views.error;
  return (
    <Popover position="bottom-end" width={320} trapFocus shadow="none" withinPortal>
      <Popover.Target>
        <button type="button" className="button little">
          {t("views.open")}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="chooser" aria-label={t("views.open")}>
        <section>
          <h2>{t("views.kept")}</h2>
          {kept.length === 0 ? <p className="quiet">{t("views.none")}</p> : null}
          <ul className="chosen-columns">
            {kept.map((view) => (
              <li key={view.id}>
                <button type="button" className="link-button grow cut" onClick={() => onOpen(view.view)}>
                  {view.name}
                </button>
                <span className="quiet small">{view.createdBy.name}</span>
                <RightButton
                  permission="experiments:write"
                  className="link-button"
                  disabled={remove.isPending}
                  onClick={() => remove.mutate({ view: view.id })}
                >
                  ×<span className="unseen">{t("views.remove", { name: view.name })}</span>
                </RightButton>
              </li>
            ))}
          </ul>
        </section>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === "") return;
            save.mutate({ name: name.trim(), experiment, view: current() }, { onSuccess: () => setName("") });
          }}
        >
          <TextInput
            label={t("views.name")}
            description={
              kept.some((view) => view.name === name.trim()) ? t("views.replaces") : t("views.nameHelp")
            }
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <div className="ways">
            <RightButton
              submit
              permission="experiments:write"
              className="button"
              disabled={save.isPending || name.trim() === ""}
            >
              {t("views.save")}
            </RightButton>
            <button type="button" className="link-button" onClick={() => link.copy(location.href)}>
              {link.done ? t("shell.copied") : t("views.link")}
            </button>
          </div>
        </form>
        {error === null ? null : <ErrorNote error={error} />}
      </Popover.Dropdown>
    </Popover>
  );
}
