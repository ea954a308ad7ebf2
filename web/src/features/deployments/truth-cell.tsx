import type { JudgedPrediction } from "@causeway/contract";
import { StatusMark } from "../../components/status-mark.tsx";
import { useWords } from "../../lib/words.tsx";
import { isWrong } from "./truth-reading.ts";

/** What turned out to be true, with its shape where the answer was right or wrong; of an amount, how far off it was. */
export function TruthCell({ of: row }: { of: JudgedPrediction }) {
  const { t, format } = useWords();
  const { truth, prediction } = row;
  if (truth === null || truth.value === null)
    return <span className="quiet">{t("deployments.notKnown")}</span>;
  const wrong = isWrong(row);
  const off =
    typeof truth.value === "number" && typeof prediction.value === "number" && wrong === undefined
      ? prediction.value - truth.value
      : undefined;
  return (
    <span className={wrong === true ? "status is-crit" : "status"}>
      {wrong === undefined ? null : <StatusMark status={wrong ? "crit" : "ok"} size={12} />}
      <span>
        {typeof truth.value === "number" ? format.plain(truth.value) : String(truth.value)}
        {off === undefined ? null : <span className="quiet"> {format.signed(off, 2)}</span>}
        {wrong === true ? <span className="unseen"> {t("deployments.wrong")}</span> : null}
      </span>
    </span>
  );
}
