import type { RunArtifact } from "@causeway/contract";
import { useQuery } from "@tanstack/react-query";
import { ErrorNote } from "../../../components/error-note.tsx";
import { PictureSkeleton, Slowly } from "../../../components/loaded.tsx";
import { Markdown } from "../../../components/markdown.tsx";
import { addressOf } from "../../../lib/client.ts";
import { useScope } from "../../../lib/scope.ts";
import { useWords } from "../../../lib/words.tsx";
import { type ArtifactKind, artifactKind, MOST_TEXT, MOST_WHOLE } from "./artifact-kind.ts";
import { highlight } from "./highlight.ts";
import { JsonTree } from "./json-tree.tsx";
import { signatureIn } from "./mlmodel-signature.ts";
import { type ReadTable, readCsv, tableOfJson } from "./read-table.ts";
import { readTextHead } from "./read-text-head.ts";
import { SheetView } from "./sheet-view.tsx";
import { SignatureColumns } from "./signature-columns.tsx";

/** A file of a run as it can be looked at: picture, table, text, code, JSON, Markdown, page, signature. */
export function ArtifactView({ run, artifact }: { run: string; artifact: RunArtifact }) {
  const { t, format } = useWords();
  const scope = useScope();
  const kind = artifactKind(artifact.path);
  const of = { run, path: artifact.path };
  if (artifact.bytes === 0) return <p className="quiet">{t("artifact.empty")}</p>;
  if (artifact.bytes > MOST_WHOLE && (kind === "image" || kind === "html")) {
    return <p className="quiet">{t("artifact.tooLarge", { size: format.bytes(artifact.bytes) })}</p>;
  }
  switch (kind) {
    case "image":
      return (
        <img
          className="artifact-image"
          src={addressOf(["experiments", "previewArtifact"], of, scope)}
          alt={artifact.path}
        />
      );
    case "html":
      // A frame of no origin under the preview's own policy: no script of a stranger runs or sees the session.
      return (
        <iframe
          className="artifact-frame"
          sandbox=""
          src={addressOf(["experiments", "previewArtifact"], of, scope)}
          title={artifact.path}
        />
      );
    case "binary":
      return <p className="quiet">{t("artifact.notShown")}</p>;
    case "markdown":
    case "table":
    case "json":
    case "mlmodel":
    case "code":
    case "text":
      return <TextArtifact run={run} artifact={artifact} kind={kind} />;
    default:
      return kind satisfies never;
  }
}

type TextKind = Exclude<ArtifactKind, "image" | "html" | "binary">;

function TextArtifact({ run, artifact, kind }: { run: string; artifact: RunArtifact; kind: TextKind }) {
  const { t, format } = useWords();
  const scope = useScope();
  const url = addressOf(["experiments", "downloadArtifact"], { run, path: artifact.path }, scope);
  const text = useQuery({
    // Bytes of a digest never change.
    queryKey: ["artifact-text", url, artifact.digest],
    queryFn: () => readTextHead(url, MOST_TEXT),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (text.error !== null) return <ErrorNote error={text.error} retry={() => void text.refetch()} />;
  if (text.data === undefined)
    return (
      <Slowly>
        <PictureSkeleton height={160} />
      </Slowly>
    );
  const isCut = artifact.bytes > MOST_TEXT;
  return (
    <>
      {isCut ? (
        <p className="note info">
          {t("artifact.cut", { shown: format.bytes(MOST_TEXT), size: format.bytes(artifact.bytes) })}
        </p>
      ) : null}
      <TextContent kind={kind} text={text.data} isCut={isCut} path={artifact.path} />
    </>
  );
}

function TextContent({
  kind,
  text,
  isCut,
  path,
}: {
  kind: TextKind;
  text: string;
  isCut: boolean;
  path: string;
}) {
  switch (kind) {
    case "markdown":
      return <Markdown text={text} />;
    case "table":
      return (
        <SheetView
          label={path}
          table={readCsv(text, { separator: path.endsWith(".tsv") ? "\t" : ",", isCut })}
        />
      );
    case "json":
      return <JsonContent text={text} path={path} />;
    case "mlmodel":
      return <MlModelContent text={text} />;
    case "code":
    case "text":
      return <CodeContent text={text} extension={path.slice(path.lastIndexOf(".") + 1).toLowerCase()} />;
    default:
      return kind satisfies never;
  }
}

function JsonContent({ text, path }: { text: string; path: string }) {
  const parsed = parseJson(text);
  // Cut in the middle, or no JSON at all: it is still a text.
  if (parsed === undefined) return <CodeContent text={text} extension="json" />;
  const table: ReadTable | undefined = tableOfJson(parsed.value);
  return table === undefined ? <JsonTree value={parsed.value} /> : <SheetView label={path} table={table} />;
}

function MlModelContent({ text }: { text: string }) {
  const signature = signatureIn(text);
  return (
    <div className="stack">
      {signature === undefined ? null : <SignatureColumns signature={signature} />}
      <CodeContent text={text} extension="yaml" />
    </div>
  );
}

function CodeContent({ text, extension }: { text: string; extension: string }) {
  const { t } = useWords();
  let at = 0;
  const parts = highlight(text, extension).map((part) => {
    at += part.text.length;
    return { ...part, at };
  });
  return (
    // A long line scrolls, and must do so by keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
    <section className="log code" tabIndex={0} aria-label={t("artifact.content")}>
      {parts.map((part) =>
        part.kind === "text" ? (
          part.text
        ) : (
          <span key={part.at} className={`code-${part.kind}`}>
            {part.text}
          </span>
        ),
      )}
    </section>
  );
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
