import type { BadRow } from "@causeway/contract";
import { badRowReason } from "../../components/finding-words.ts";
import { SectionHead } from "../../components/page-frame.tsx";
import { useWords } from "../../lib/words.tsx";

/** Rows that could not be read: where each stands, what it holds, why. */
export function BadRows({ rows, total }: { rows: readonly BadRow[]; total: number }) {
  const { t, format } = useWords();
  return (
    <div>
      <SectionHead
        title={t("data.badRows", { count: total })}
        hint={rows.length < total ? t("data.firstOf", { count: rows.length }) : undefined}
      />
      <div className="scroll">
        <table className="table compact">
          <thead>
            <tr>
              <th scope="col">{t("words.file")}</th>
              <th scope="col" className="number">
                {t("words.line")}
              </th>
              <th scope="col">{t("words.column")}</th>
              <th scope="col">{t("words.value")}</th>
              <th scope="col">{t("words.reason")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.file}:${row.line}:${row.column ?? ""}`}>
                <td>{row.file}</td>
                <td className="number">{format.count(row.line)}</td>
                <td>{row.column ?? ""}</td>
                <td className="cut">{row.value === null ? "" : <code>{JSON.stringify(row.value)}</code>}</td>
                <td>{badRowReason(row.reason, { t, format })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
