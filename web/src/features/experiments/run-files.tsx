import type { Run } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { useAnswer } from "../../lib/api.ts";
import { addressOf } from "../../lib/client.ts";
import { shortDigest } from "../../lib/format.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

/** The artifacts of a run: each opens its bytes. */
export function RunFiles({ run }: { run: Run }) {
  const { t, format } = useWords();
  const scope = useScope();
  const files = useAnswer(["experiments", "listArtifacts"], { run: run.id, limit: 1000 });
  return (
    <div className="section open">
      <Loaded answer={files}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{t("experiments.noFiles")}</p>
          ) : (
            <DataTable
              label={t("words.files")}
              rows={items}
              rowKey={({ path }) => path}
              columns={[
                {
                  key: "path",
                  title: t("words.path"),
                  sort: ({ path }) => path,
                  cell: ({ path }) => (
                    <a
                      href={addressOf(["experiments", "downloadArtifact"], { run: run.id, path }, scope)}
                      download
                    >
                      {path}
                    </a>
                  ),
                },
                {
                  key: "size",
                  title: t("words.size"),
                  number: true,
                  sort: ({ bytes }) => bytes,
                  cell: ({ bytes }) => format.bytes(bytes),
                },
                {
                  key: "digest",
                  title: t("words.digest"),
                  cell: ({ digest }) => <CopyId id={digest} short={shortDigest(digest)} />,
                },
              ]}
            />
          )
        }
      </Loaded>
    </div>
  );
}
