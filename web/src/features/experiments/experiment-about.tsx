import type { Experiment } from "@causeway/contract";
import { ErrorNote } from "../../components/error-note.tsx";
import { useGo } from "../../components/go.tsx";
import { RenameForm } from "../../components/name-form.tsx";
import { NoteEditor } from "../../components/note-editor.tsx";
import { Column, SectionHead } from "../../components/page-frame.tsx";
import { Removal } from "../../components/removal.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { TagEditor } from "../../components/tag-editor.tsx";
import { useAction } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** What is known of an experiment beside its runs: note, tags, name; and its end. */
export function ExperimentAbout({ experiment }: { experiment: Experiment }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const note = useAction(["experiments", "updateExperiment"]);
  const tags = useAction(["experiments", "updateExperiment"]);
  const remove = useAction(["experiments", "deleteExperiment"]);
  const of = { experiment: experiment.id };
  return (
    <div className="columns open">
      <Column title={t("note.title")}>
        <NoteEditor
          note={experiment.note}
          label={t("note.title")}
          permission="experiments:write"
          isPending={note.isPending}
          error={note.error}
          onSave={(text, done) => note.mutate({ ...of, note: text }, { onSuccess: done })}
        />
      </Column>
      <Column className="stack">
        <section>
          <SectionHead title={t("words.tags")} />
          <TagEditor
            tags={experiment.tags}
            permission="experiments:write"
            isPending={tags.isPending}
            error={tags.error}
            onChange={(change, done) => tags.mutate({ ...of, ...change }, { onSuccess: done })}
          />
        </section>
        <section>
          <SectionHead title={t("runList.rename")} />
          <RenameExperiment key={experiment.name} experiment={experiment} />
        </section>
        <Removal
          name={experiment.name}
          permission="experiments:write"
          words={{
            open: t("runList.deleteExperiment"),
            ask: t("runList.deleteExperimentAsk", { name: experiment.name, count: experiment.runs }),
            text: t("runList.deleteText"),
            typeName: t("runList.typeName", { name: experiment.name }),
            confirm: t("runList.deleteExperiment"),
          }}
          isPending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(of, { onSuccess: () => go(places.stage(scope, "experiments")) })}
        />
      </Column>
    </div>
  );
}

function RenameExperiment({ experiment }: { experiment: Experiment }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const rename = useAction(["experiments", "updateExperiment"]);
  return (
    <RenameForm
      label={t("words.name")}
      name={experiment.name}
      longest={500}
      permission="experiments:write"
      action={rename}
      onName={(name) =>
        rename.mutate(
          { experiment: experiment.id, name },
          { onSuccess: (renamed) => go(places.experiment(scope, renamed, { tab: "about" }), "instead") },
        )
      }
    />
  );
}

/** Says that an experiment is deleted, and brings it back. */
export function DeletedExperiment({ experiment }: { experiment: Experiment }) {
  const { t } = useWords();
  const restore = useAction(["experiments", "restoreExperiment"]);
  return (
    <div className="note warn">
      <b>{t("runList.experimentDeleted")}</b>
      <p className="second">{t("runList.experimentDeletedText")}</p>
      {restore.error === null ? null : <ErrorNote error={restore.error} />}
      <div className="ways">
        <RightButton
          permission="experiments:write"
          disabled={restore.isPending}
          onClick={() => restore.mutate({ experiment: experiment.id })}
        >
          {t("runList.restore")}
        </RightButton>
      </div>
    </div>
  );
}
