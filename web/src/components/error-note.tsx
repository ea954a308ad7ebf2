import { CausewayError } from "@causeway/contract";
import { useWords } from "../lib/words.tsx";
import { useCopy } from "./copy.tsx";

/** An error beside its cause: what was wrong and where, the way out, the code and the request id. */
export function ErrorNote({ error, retry }: { error: Error; retry?: () => void }) {
  const { t } = useWords();
  const { done, copy } = useCopy();
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
        <b>{error.message}</b>
        {where === undefined ? null : (
          <p className="second">
            {where.value === "" ? t("shell.errorField", where) : t("shell.errorFieldValue", where)}
          </p>
        )}
        {known?.issues === undefined ? null : (
          <ul>
            {known.issues.map(({ row, field, expected, got }) => (
              <li key={`${row ?? ""}:${field}`} className="second">
                <code>{row === undefined ? field : `${row}.${field}`}</code>{" "}
                {t("shell.errorExpected", { expected, got })}
              </li>
            ))}
          </ul>
        )}
        {known?.help === undefined ? null : <p className="second">{known.help}</p>}
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
