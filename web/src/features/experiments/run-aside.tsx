import type { Run } from "@causeway/contract";
import type { ReactNode } from "react";
import { CopyId } from "../../components/copy.tsx";
import { Go } from "../../components/go.tsx";
import { NoteEditor } from "../../components/note-editor.tsx";
import { Column, SectionHead } from "../../components/page-frame.tsx";
import { TagEditor } from "../../components/tag-editor.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** Tags that clients write for themselves; the page shows what they say in its own places. */
const INNER_TAG = /^mlflow\.(?!source\.name|note\.content)/;

/** What is known of a run beside its metrics: note, params, tags, datasets, models. */
export function RunAside({ run }: { run: Run }) {
  const { t } = useWords();
  const note = useAction(["experiments", "updateRun"]);
  const tags = useAction(["experiments", "tagRuns"]);
  const own = Object.fromEntries(
    Object.entries(run.tags).filter(([key]) => !INNER_TAG.test(key) && key !== "mlflow.note.content"),
  );
  const inner = Object.fromEntries(Object.entries(run.tags).filter(([key]) => INNER_TAG.test(key)));
  return (
    <Column className="stack">
      <Part title={t("note.title")}>
        <NoteEditor
          note={run.note}
          label={t("note.title")}
          permission="experiments:write"
          isPending={note.isPending}
          error={note.error}
          onSave={(text, done) => note.mutate({ run: run.id, note: text }, { onSuccess: done })}
        />
      </Part>
      <Part title={t("words.params")} hint={String(Object.keys(run.params).length)}>
        <NamedTexts of={run.params} />
      </Part>
      <Part title={t("words.tags")}>
        <TagEditor
          tags={own}
          permission="experiments:write"
          isPending={tags.isPending}
          error={tags.error}
          onChange={(change, done) => tags.mutate({ runs: [run.id], ...change }, { onSuccess: done })}
        />
        {Object.keys(inner).length === 0 ? null : (
          <details>
            <summary className="quiet small">
              {t("runPage.innerTags", { count: Object.keys(inner).length })}
            </summary>
            <NamedTexts of={inner} />
          </details>
        )}
      </Part>
      {run.datasets.length === 0 ? null : (
        <Part title={t("runPage.datasets")}>
          <ul className="plain-list">
            {run.datasets.map(({ name, digest, context, sourceType, source }) => (
              <li key={`${name} ${digest} ${context}`}>
                <b>{name}</b> <CopyId id={digest} short={digest.slice(0, 8)} />{" "}
                {context === null || context === "" ? null : <span className="tag">{context}</span>}
                <div className="quiet small cut" title={source}>
                  {sourceType} {source}
                </div>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Models run={run} />
    </Column>
  );
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section>
      <SectionHead title={title} hint={hint} />
      {children}
    </section>
  );
}

/** The models that a run logged, each with the versions that were registered from it. */
function Models({ run }: { run: Run }) {
  const { t, format } = useWords();
  const scope = useScope();
  const logged = useAnswer(["experiments", "listLoggedModels"], { run: run.id, limit: 100 });
  const items = logged.data?.items ?? [];
  const inputs = run.models.filter(({ direction }) => direction === "input");
  if (items.length === 0 && inputs.length === 0) return null;
  return (
    <Part title={t("runPage.models")}>
      <ul className="plain-list">
        {items.map((model) => {
          const step = run.models.find(({ id }) => id === model.id)?.step;
          return (
            <li key={model.id}>
              <b>{model.name}</b> <CopyId id={model.id} short={model.id.slice(0, 10)} />{" "}
              {model.state === "ready" ? null : (
                <span className="tag">{t(`runPage.modelState.${model.state}`)}</span>
              )}
              {step === undefined ? null : (
                <span className="quiet small"> {t("runPage.atStep", { step: format.count(step) })}</span>
              )}
              <div className="small">
                {model.versions.length === 0 ? (
                  <span className="quiet">{t("runPage.notRegistered")}</span>
                ) : (
                  model.versions.map((version) => (
                    <Go
                      key={`${version.model} ${version.version}`}
                      className="version-link"
                      to={places.modelVersion(scope, version)}
                    >
                      {version.model} v{version.version}
                    </Go>
                  ))
                )}
              </div>
            </li>
          );
        })}
        {inputs.map(({ id, name }) => (
          <li key={`input ${id}`}>
            <span className="tag">{t("runPage.input")}</span> {name}{" "}
            <CopyId id={id} short={id.slice(0, 10)} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function NamedTexts({ of }: { of: Readonly<Record<string, string>> }) {
  const { t } = useWords();
  const entries = Object.entries(of).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return <p className="quiet">{t("shell.none")}</p>;
  return (
    <dl className="facts">
      {entries.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd className="mono">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
