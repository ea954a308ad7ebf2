import type { ModelVersion } from "@causeway/contract";
import { DataTable } from "../../components/data-table.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { useWords } from "../../lib/words.tsx";

/** What a version takes and answers: each input column with its type and what training saw. */
export function SignatureView({ version: { signature } }: { version: ModelVersion }) {
  const { t, format } = useWords();
  return (
    <div className="section open">
      <SectionHead
        title={t("registry.inputCount", {
          count: signature.inputs.length,
          text: signature.inputs.filter(({ type }) => type === "string").length,
        })}
        hint={`${t("registry.answers")} ${signature.target ?? ""} · ${t(`task.${signature.task}`)}${
          signature.classes.length === 0 ? "" : `: ${signature.classes.join(", ")}`
        }`}
      />
      <DataTable
        label={t("registry.signature")}
        rows={signature.inputs}
        rowKey={({ name }) => name}
        columns={[
          {
            key: "name",
            title: t("words.column"),
            sort: ({ name }) => name,
            cell: ({ name }) => <b>{name}</b>,
          },
          {
            key: "type",
            title: t("words.type"),
            sort: ({ type }) => type,
            cell: ({ type }) => t(`columnType.${type}`),
          },
          {
            key: "nullable",
            title: t("registry.nullable"),
            sort: ({ nullable }) => nullable,
            cell: ({ nullable }) => t(nullable ? "shell.yes" : "shell.no"),
          },
          {
            key: "seen",
            title: t("registry.seen"),
            cell: ({ range, categories }) =>
              range !== null ? (
                format.interval(
                  range.min,
                  range.max,
                  Number.isInteger(range.min) && Number.isInteger(range.max) ? 0 : 2,
                )
              ) : categories !== null ? (
                <span title={categories.join(", ")}>{shorten(categories)}</span>
              ) : (
                ""
              ),
          },
        ]}
      />
    </div>
  );
}

const SHOWN = 6;

function shorten(categories: readonly string[]): string {
  const shown = categories.slice(0, SHOWN).join(", ");
  return categories.length > SHOWN ? `${shown}, … (${categories.length})` : shown;
}
