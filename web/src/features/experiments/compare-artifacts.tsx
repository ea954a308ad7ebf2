import type { Run } from "@causeway/contract";
import { Select } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { memo } from "react";
import { Go, useView } from "../../components/go.tsx";
import { Section } from "../../components/page-frame.tsx";
import { call } from "../../lib/client.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { artifactKind } from "./artifacts/artifact-kind.ts";
import { ArtifactView } from "./artifacts/artifact-view.tsx";

/** Runs whose files are laid side by side. */
const MOST_RUNS = 6;

/** One file of several runs side by side: those that most runs have and that can be looked at are offered first. */
export const CompareArtifacts = memo(function CompareArtifacts({ runs }: { runs: readonly Run[] }) {
  const { t } = useWords();
  const scope = useScope();
  const [path, setPath] = useView("artifact");
  const shown = runs.slice(0, MOST_RUNS);
  const lists = useQueries({
    queries: shown.map(({ id }) => ({
      queryKey: ["experiments", "listArtifacts", scope, { run: id, limit: 1000 }],
      queryFn: () => call(["experiments", "listArtifacts"], { run: id, limit: 1000 }, scope),
    })),
    combine: (answers) => answers.map(({ data }) => data?.items ?? []),
  });
  const counts = new Map<string, number>();
  for (const each of lists.flat()) counts.set(each.path, (counts.get(each.path) ?? 0) + 1);
  const paths = [...counts.entries()]
    .filter(([each]) => artifactKind(each) !== "binary")
    .sort(([a, inA], [b, inB]) => inB - inA || a.localeCompare(b))
    .map(([each]) => each);
  if (paths.length === 0) return null;
  return (
    <Section
      title={t("compare.artifacts")}
      hint={runs.length > MOST_RUNS ? t("compare.artifactsOf", { count: MOST_RUNS }) : undefined}
    >
      <Select
        aria-label={t("words.file")}
        placeholder={t("compare.pickFile")}
        data={paths}
        value={paths.includes(path) ? path : null}
        onChange={(chosen) => setPath(chosen ?? "")}
        searchable
        clearable
        limit={200}
        comboboxProps={{ shadow: "none" }}
        maw={480}
      />
      {paths.includes(path) ? (
        <div className="side-by-side">
          {shown.map((run, index) => {
            const artifact = lists[index]?.find((each) => each.path === path);
            return (
              <section key={run.id} aria-label={run.name}>
                <h3>
                  <Go className="ink-link" to={places.run(scope, run, { tab: "files", file: path })}>
                    {run.name}
                  </Go>
                </h3>
                {artifact === undefined ? (
                  <p className="quiet">{t("compare.noSuchFile")}</p>
                ) : (
                  <ArtifactView run={run.id} artifact={artifact} />
                )}
              </section>
            );
          })}
        </div>
      ) : null}
    </Section>
  );
});
