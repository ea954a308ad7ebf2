import type { ModelVersion, PreparationState, ScanFinding } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Moment } from "../../components/moment.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { type Status, StatusWord } from "../../components/status-mark.tsx";
import { useAction } from "../../lib/api.ts";
import { shortDigest } from "../../lib/format.ts";
import { useWords } from "../../lib/words.tsx";

/** The shape of how far a version is on its way to being served. */
function preparationStatus(state: PreparationState): Status {
  switch (state) {
    case "ready":
      return "ok";
    case "preparing":
      return "running";
    case "failed":
      return "crit";
    case "blocked":
      return "waiting";
    default:
      return state satisfies never;
  }
}

/** How far a Python model is on its way to being served: what the scan found, its packages, and the way on. */
export function PreparationView({ version }: { version: ModelVersion }) {
  const { t } = useWords();
  const prepare = useAction(["registry", "prepareVersion"]);
  const { state, problem, findings, environment, acceptedBy, step, endedAt } = version.preparation;
  const again = (accept: boolean) =>
    prepare.mutate({ model: version.model, version: version.version, accept });
  return (
    <section className="section">
      <div className="section-head">
        <h2>{t("preparation.title")}</h2>
        <StatusWord status={preparationStatus(state)}>{t(`preparation.state.${state}`)}</StatusWord>
        {endedAt === null ? null : (
          <span className="quiet">
            <Moment at={endedAt} />
          </span>
        )}
      </div>
      {step === null || state !== "preparing" ? null : <p className="quiet">{step}</p>}
      {problem === null ? null : (
        <div className="note crit">
          <b>{problem}</b>
          <p className="second">{t("preparation.notServed")}</p>
        </div>
      )}
      {findings.length === 0 ? null : <Findings findings={findings} />}
      {acceptedBy === null ? null : (
        <p className="quiet">{t("preparation.acceptedBy", { who: acceptedBy.name })}</p>
      )}
      {environment === null ? null : (
        <p>
          {t("preparation.environment", { python: environment.python, tool: environment.tool })}{" "}
          <CopyId id={environment.digest} short={shortDigest(environment.digest)} />
        </p>
      )}
      {prepare.error === null ? null : <ErrorNote error={prepare.error} />}
      {state === "failed" || state === "blocked" ? (
        <div className="ways-line">
          {state === "blocked" ? (
            <RightButton
              permission="registry:approve"
              className="button primary"
              disabled={prepare.isPending}
              onClick={() => again(true)}
            >
              {t("preparation.accept")}
            </RightButton>
          ) : null}
          <RightButton permission="registry:write" disabled={prepare.isPending} onClick={() => again(false)}>
            {t("preparation.again")}
          </RightButton>
        </div>
      ) : null}
    </section>
  );
}

const SEVERITY: Record<ScanFinding["severity"], Status> = { note: "idle", warning: "warn", danger: "crit" };

function Findings({ findings }: { findings: readonly ScanFinding[] }) {
  const { t } = useWords();
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
    <section className="scroll" tabIndex={0} aria-label={t("preparation.findings")}>
      <table className="table compact">
        <thead>
          <tr>
            <th scope="col">{t("preparation.severity")}</th>
            <th scope="col">{t("words.file")}</th>
            <th scope="col">{t("preparation.finding")}</th>
          </tr>
        </thead>
        <tbody>
          {findings.map(({ path, rule, severity, text }) => (
            <tr key={`${path} ${rule} ${text}`}>
              <td>
                <StatusWord status={SEVERITY[severity]}>{t(`preparation.level.${severity}`)}</StatusWord>
              </td>
              <td>
                <code>{path}</code>
              </td>
              <td className="wraps">
                {text} <code className="quiet">{rule}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
