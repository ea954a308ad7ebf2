import { CausewayError } from "@causeway/contract";
import { useWords } from "../lib/words.tsx";
import { useCopy } from "./copy.tsx";
import { errorWords, issueText } from "./error-words.ts";

/** An error beside its cause: what was wrong and where, the way out, the code and the request id. */
export function ErrorNote({ error, retry }: { error: Error; retry?: () => void }) {
  const { t, format } = useWords();
  const { done, copy } = useCopy();
  const { title, server, help } = errorWords(error, { t, format });
  const known = error instanceof CausewayError ? error : undefined;
  const where = known?.field === undefined ? undefined : { field: known.field, value: show(known.value) };
  const report = [
    known?.code ?? error.name,
    error.message,
    known?.field === undefined ? "" : `${known.field} = ${show(known.value)}`,
    known?.requestId ?? "",
    location.href,
  ]
    .filter((line) => line !== "")
    .join("\n");
  return (
    <div role="alert">
      <div className="note crit">
        <b>{title}</b>
        {where === undefined ? null : (
          <p className="second">
            {where.value === "" ? t("shell.errorField", where) : t("shell.errorFieldValue", where)}
          </p>
        )}
        {known?.issues === undefined ? null : (
          <ul>
            {known.issues.map((issue) => (
              <li key={`${issue.row ?? ""}:${issue.field}`} className="second">
                <code>{issue.row === undefined ? issue.field : `${issue.row}.${issue.field}`}</code>{" "}
                {issueText(issue, { t, format })}
              </li>
            ))}
          </ul>
        )}
        {server === null ? null : (
          <p className="second">
            {t("shell.serverSaid")} <q lang="en">{server}</q>
          </p>
        )}
        {help === null ? null : (
          <p className="second" lang="en">
            {help}
          </p>
        )}
        {retry === undefined ? null : (
          <div className="ways">
            <button type="button" className="button" onClick={retry}>
              {t("shell.tryAgain")}
            </button>
          </div>
        )}
      </div>
      <p className="quiet small">
        <code>{known?.code ?? error.name}</code>
        {known?.requestId === undefined ? null : (
          <>
            {" · "}
            {t("shell.request")} <code>{known.requestId}</code>
          </>
        )}
        {" · "}
        <button type="button" className="link-button" onClick={() => copy(report)}>
          {done ? t("shell.copied") : t("shell.copyReport")}
        </button>
      </p>
    </div>
  );
}

function show(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
