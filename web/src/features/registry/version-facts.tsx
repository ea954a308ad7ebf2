import type { ModelVersion } from "@causeway/contract";
import { useWords } from "../../lib/words.tsx";

/** What a version predicts, from what, and what must come back equal before it serves. */
export function GoldenRows({ version }: { version: ModelVersion }) {
  const { t } = useWords();
  const { signature, golden, report } = version;
  return (
    <div>
      <div className="section-head">
        <h2>{t("registry.card")}</h2>
      </div>
      <dl className="facts">
        <dt>{t("registry.predicts")}</dt>
        <dd>
          {signature.target ?? t("shell.none")}, {t(`task.${signature.task}`)}
        </dd>
        <dt>{t("registry.inputs")}</dt>
        <dd>
          {t("registry.inputCount", {
            count: signature.inputs.length,
            text: signature.inputs.filter(({ type }) => type === "string").length,
          })}
        </dd>
        <dt>{t("registry.golden")}</dt>
        <dd>
          {golden.length === 0 ? t("registry.noGolden") : t("registry.goldenKept", { count: golden.length })}
        </dd>
        <dt>{t("registry.evaluatedOn")}</dt>
        <dd>{report === null ? t("registry.notEvaluated") : t("registry.rows", { count: report.rows })}</dd>
      </dl>
    </div>
  );
}
