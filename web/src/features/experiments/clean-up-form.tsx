import { useEffect } from "react";
import { ErrorNote } from "../../components/error-note.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { useAction } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";

/** Reasons told at once of runs that stay. */
const MOST_KEPT = 5;

/** Removes deleted runs for good: first tells what would go and what stays and why, then does it. */
export function CleanUpForm({
  runs,
  onDone,
  onCancel,
}: {
  runs: readonly string[];
  onDone: () => void;
  onCancel: () => void;
}) {
  const { t, format } = useWords();
  const plan = useAction(["experiments", "cleanUp"]);
  const remove = useAction(["experiments", "cleanUp"]);
  const { mutate: look } = plan;
  useEffect(() => look({ runs: [...runs], dryRun: true }), [look, runs]);
  const found = plan.data;
  return (
    <div className="note crit">
      <b>{t("runList.purgeAsk", { count: runs.length })}</b>
      {found === undefined ? null : (
        <p className="second">
          {t("runList.purgePlan", {
            runs: found.runs,
            points: found.points,
            files: found.files,
            size: format.bytes(found.bytes),
          })}
        </p>
      )}
      {found === undefined || found.kept.length === 0 ? null : (
        <ul>
          {found.kept.slice(0, MOST_KEPT).map(({ run, reason }) => (
            <li key={run} className="second">
              {t("runList.purgeKept")} <code>{run.slice(0, 8)}</code>: {reason}
            </li>
          ))}
        </ul>
      )}
      {plan.error === null ? null : <ErrorNote error={plan.error} />}
      {remove.error === null ? null : <ErrorNote error={remove.error} />}
      <div className="ways">
        <RightButton
          permission="platform:admin"
          className="button danger"
          disabled={found === undefined || found.runs === 0 || remove.isPending}
          onClick={() => remove.mutate({ runs: [...runs], dryRun: false }, { onSuccess: onDone })}
        >
          {t("runList.purge")}
        </RightButton>
        <button type="button" className="button" onClick={onCancel}>
          {t("shell.cancel")}
        </button>
      </div>
    </div>
  );
}
