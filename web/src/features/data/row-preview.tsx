import type { Json } from "@causeway/contract";
import { useView } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { Pager } from "../../components/pager.tsx";
import { useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";

const PAGE = 50;

/** The rows of a version in their stored order. */
export function RowPreview({ of, total }: { of: { dataset: string; version: string }; total: number }) {
  const { t } = useWords();
  const [offsetText, setOffset] = useView("offset", "0");
  const offset = Math.max(0, Number.parseInt(offsetText, 10) || 0);
  const rows = useAnswer(["data", "preview"], { ...of, offset, limit: PAGE });
  return (
    <div className="section open">
      <SectionHead
        title={t("data.rowsTab")}
        right={
          <Pager offset={offset} page={PAGE} total={total} onOffset={(next) => setOffset(String(next))} />
        }
      />
      <Loaded answer={rows} skeleton={<RowsSkeleton rows={12} columns={6} />}>
        {(preview) => (
          // A region that scrolls must be reachable by keyboard.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
          <section className="scroll" tabIndex={0} aria-label={t("data.rowsTab")}>
            <table className="table compact">
              <thead>
                <tr>
                  {preview.columns.map((column) => (
                    <th
                      key={column.name}
                      scope="col"
                      className={isNumber(column.type) ? "number" : undefined}
                    >
                      {column.name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {preview.rows.map((row, index) => (
                  // Rows have no name but their place in the version.
                  // biome-ignore lint/suspicious/noArrayIndexKey: see above
                  <tr key={offset + index}>
                    {preview.columns.map((column, position) => (
                      <td key={column.name} className={isNumber(column.type) ? "number cut" : "cut"}>
                        <Cell value={row[position]} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </Loaded>
    </div>
  );
}

/** A value in machine form, so that it copies as it is stored. */
function Cell({ value }: { value: Json | undefined }) {
  const { t } = useWords();
  if (value === null || value === undefined) return <span className="quiet">{t("data.missingCell")}</span>;
  return <>{typeof value === "string" ? value : JSON.stringify(value)}</>;
}

function isNumber(type: string): boolean {
  return type === "integer" || type === "double";
}
