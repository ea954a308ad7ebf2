import type { ModelVersion } from "@causeway/contract";
import { saveText } from "../../components/csv.ts";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Markdown } from "../../components/markdown.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";

/** The model card, made from the record. */
export function CardView({ version: { model, version } }: { version: ModelVersion }) {
  const { t } = useWords();
  const card = useAnswer(["registry", "getCard"], { model, version });
  return (
    <div className="section open">
      <Loaded answer={card} skeleton={<RowsSkeleton columns={1} />}>
        {({ markdown }) => (
          <>
            <SectionHead
              title={t("registry.card")}
              hint={t("registry.cardHint")}
              right={
                <button
                  type="button"
                  className="link-button"
                  onClick={() => saveText(`${model}-v${version}.md`, markdown, "text/markdown")}
                >
                  {t("shell.download")}
                </button>
              }
            />
            <Markdown text={markdown} />
          </>
        )}
      </Loaded>
    </div>
  );
}
