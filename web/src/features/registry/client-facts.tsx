import type { ModelVersion } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { TagEditor } from "../../components/tag-editor.tsx";
import { useAction } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";

/** What clients of MLflow say of a version: its stage, where it came from, and tags that anyone may change. */
export function ClientFacts({ version }: { version: ModelVersion }) {
  const { t } = useWords();
  const update = useAction(["registry", "updateVersion"]);
  const { registryStage, source, loggedModel, runLink, tags } = version;
  return (
    <section className="section">
      <div className="columns open">
        <section>
          <SectionHead title={t("words.tags")} />
          <TagEditor
            tags={tags}
            permission="registry:write"
            isPending={update.isPending}
            error={update.error}
            onChange={({ set, remove }, done) =>
              update.mutate(
                { model: version.model, version: version.version, tags: set, removeTags: remove },
                { onSuccess: done },
              )
            }
          />
        </section>
        <section>
          <SectionHead title={t("preparation.client")} hint={t("preparation.clientHint")} />
          <dl className="facts">
            <dt>{t("preparation.stage")}</dt>
            <dd>{t(`preparation.registryStage.${registryStage}`)}</dd>
            {source === null ? null : (
              <>
                <dt>{t("words.source")}</dt>
                <dd>
                  <code>{source}</code>
                </dd>
              </>
            )}
            {loggedModel === null ? null : (
              <>
                <dt>{t("preparation.loggedModel")}</dt>
                <dd>
                  <CopyId id={loggedModel} short={loggedModel.slice(0, 10)} />
                </dd>
              </>
            )}
            {runLink === null ? null : (
              <>
                <dt>{t("preparation.runLink")}</dt>
                <dd>{runLink}</dd>
              </>
            )}
          </dl>
        </section>
      </div>
    </section>
  );
}
