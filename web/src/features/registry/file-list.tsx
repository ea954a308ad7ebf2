import type { ModelVersion } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { addressOf } from "../../lib/client.ts";
import { shortDigest } from "../../lib/format.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** The files of a version: each opens its bytes. */
export function FileList({ version }: { version: ModelVersion }) {
  const { t, format } = useWords();
  const scope = useScope();
  const key = { model: version.model, version: version.version };
  return (
    <div className="section open">
      <DataTable
        label={t("words.files")}
        rows={version.files}
        rowKey={({ path }) => path}
        columns={[
          {
            key: "path",
            title: t("words.path"),
            cell: ({ path }) => (
              <a href={addressOf(["registry", "downloadFile"], { ...key, path }, scope)} download>
                {path}
              </a>
            ),
          },
          { key: "size", title: t("words.size"), number: true, cell: ({ bytes }) => format.bytes(bytes) },
          {
            key: "digest",
            title: t("words.digest"),
            cell: ({ digest }) => <CopyId id={digest} short={shortDigest(digest)} />,
          },
        ]}
      />
    </div>
  );
}
