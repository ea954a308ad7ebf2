import type { Run, RunArtifact } from "@causeway/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { CopyId } from "../../../components/copy.tsx";
import { ErrorNote } from "../../../components/error-note.tsx";
import { useView } from "../../../components/go.tsx";
import { RowsSkeleton, Slowly } from "../../../components/loaded.tsx";
import { addressOf, call } from "../../../lib/client.ts";
import { shortDigest } from "../../../lib/format.ts";
import { useScope } from "../../../lib/scope.ts";
import { useWords } from "../../../lib/words.tsx";
import { type ArtifactNode, artifactTree } from "./artifact-kind.ts";
import { ArtifactView } from "./artifact-view.tsx";

const PAGE = 1_000;

/** The files of a run, read page by page. */
export function useArtifacts(run: string) {
  const scope = useScope();
  const pages = useInfiniteQuery({
    queryKey: ["experiments", "listArtifacts", scope, run, "all"],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      call(
        ["experiments", "listArtifacts"],
        { run, limit: PAGE, ...(pageParam === "" ? {} : { after: pageParam }) },
        scope,
      ),
    getNextPageParam: ({ next }) => next,
  });
  const files = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data]);
  return { ...pages, files };
}

/** The files of a run in their folders, and the chosen one beside them. */
export function ArtifactBrowser({ run }: { run: Run }) {
  const { t, format } = useWords();
  const artifacts = useArtifacts(run.id);
  const [path, setPath] = useView("file");
  const tree = useMemo(() => artifactTree(artifacts.files), [artifacts.files]);
  if (artifacts.error !== null)
    return <ErrorNote error={artifacts.error} retry={() => void artifacts.refetch()} />;
  if (artifacts.data === undefined)
    return (
      <Slowly>
        <RowsSkeleton columns={3} />
      </Slowly>
    );
  if (artifacts.files.length === 0) return <p className="quiet section open">{t("experiments.noFiles")}</p>;
  const chosen = artifacts.files.find((file) => file.path === path);
  const bytes = artifacts.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <div className="artifacts">
      <nav aria-label={t("words.files")}>
        <p className="quiet small">
          {t("artifact.total", { count: artifacts.files.length, size: format.bytes(bytes) })}
        </p>
        <Folder nodes={tree} chosen={path} onChoose={setPath} depth={0} />
        {artifacts.hasNextPage ? (
          <button
            type="button"
            className="button little"
            disabled={artifacts.isFetchingNextPage}
            onClick={() => void artifacts.fetchNextPage()}
          >
            {t("shell.more")}
          </button>
        ) : null}
      </nav>
      <div className="artifact-side">
        {chosen === undefined ? (
          <p className="quiet">{t("artifact.choose")}</p>
        ) : (
          <Chosen key={chosen.path} run={run} artifact={chosen} />
        )}
      </div>
    </div>
  );
}

function Chosen({ run, artifact }: { run: Run; artifact: RunArtifact }) {
  const { t, format } = useWords();
  const scope = useScope();
  return (
    <section aria-label={artifact.path}>
      <div className="section-head">
        <h2 className="cut">{artifact.path}</h2>
        <span className="quiet">{format.bytes(artifact.bytes)}</span>
        <CopyId id={artifact.digest} short={shortDigest(artifact.digest)} />
        <span className="right">
          <a
            className="button little"
            href={addressOf(["experiments", "downloadArtifact"], { run: run.id, path: artifact.path }, scope)}
            download
          >
            {t("shell.download")}
          </a>
        </span>
      </div>
      <ArtifactView run={run.id} artifact={artifact} />
    </section>
  );
}

/** Folders of this depth are open at first. */
const OPEN_DEPTH = 1;

function Folder({
  nodes,
  chosen,
  onChoose,
  depth,
}: {
  nodes: readonly ArtifactNode[];
  chosen: string;
  onChoose: (path: string) => void;
  depth: number;
}) {
  const { format } = useWords();
  return (
    <ul className="file-tree">
      {nodes.map((node) =>
        node.kind === "folder" ? (
          <FolderLine key={node.path} node={node} chosen={chosen} onChoose={onChoose} depth={depth} />
        ) : (
          <li key={node.path}>
            <button
              type="button"
              className="file-line"
              aria-current={node.path === chosen ? "true" : undefined}
              onClick={() => onChoose(node.path)}
            >
              <span className="cut">{node.name}</span>
              <span className="quiet small number">{format.bytes(node.bytes)}</span>
            </button>
          </li>
        ),
      )}
    </ul>
  );
}

function FolderLine({
  node,
  chosen,
  onChoose,
  depth,
}: {
  node: ArtifactNode & { kind: "folder" };
  chosen: string;
  onChoose: (path: string) => void;
  depth: number;
}) {
  const { format } = useWords();
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH || chosen.startsWith(`${node.path}/`));
  return (
    <li>
      <button type="button" className="file-line" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
        <b className="cut">{node.name}</b>
        <span className="quiet small number">{format.bytes(node.bytes)}</span>
      </button>
      {isOpen ? <Folder nodes={node.children} chosen={chosen} onChoose={onChoose} depth={depth + 1} /> : null}
    </li>
  );
}
