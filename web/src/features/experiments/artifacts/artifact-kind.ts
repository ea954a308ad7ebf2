/** How a file is looked at. */
export const ARTIFACT_KINDS = [
  "image",
  "html",
  "markdown",
  "table",
  "json",
  "mlmodel",
  "code",
  "text",
  "binary",
] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

const BY_EXTENSION: ReadonlyArray<readonly [kind: ArtifactKind, extensions: readonly string[]]> = [
  ["image", ["png", "jpg", "jpeg", "gif", "webp", "bmp", "svg", "ico", "avif"]],
  ["html", ["html", "htm"]],
  ["markdown", ["md", "markdown"]],
  ["table", ["csv", "tsv"]],
  ["json", ["json", "geojson", "ipynb"]],
  [
    "code",
    [
      "py",
      "js",
      "ts",
      "tsx",
      "jsx",
      "mjs",
      "sql",
      "sh",
      "r",
      "yaml",
      "yml",
      "toml",
      "ini",
      "cfg",
      "xml",
      "css",
    ],
  ],
  ["text", ["txt", "log", "jsonl", "lock", "patch", "diff", "env", "out", "err"]],
];

const TEXTS_BY_NAME = /^(readme|license|requirements|makefile|dockerfile|conda|python_env|notice)/i;

/** The most of a text that is read; more is shown as far as that. */
export const MOST_TEXT = 512 * 1024;
/** The most of a file that must be read whole to be shown at all: what the preview gives. */
export const MOST_WHOLE = 10 * 1024 * 1024;

/** How a file is shown, from its name alone. */
export function artifactKind(path: string): ArtifactKind {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === "MLmodel") return "mlmodel";
  const dot = name.lastIndexOf(".");
  const extension = dot === -1 ? "" : name.slice(dot + 1).toLowerCase();
  const known = BY_EXTENSION.find(([, extensions]) => extensions.includes(extension))?.[0];
  if (known !== undefined) return known;
  return TEXTS_BY_NAME.test(name) ? "text" : "binary";
}

/** A file or a folder of a run. */
export type ArtifactNode =
  | { kind: "file"; name: string; path: string; bytes: number; digest: string }
  | { kind: "folder"; name: string; path: string; bytes: number; files: number; children: ArtifactNode[] };

/** Files in their folders, folders first, each with its size. */
export function artifactTree(
  files: ReadonlyArray<{ path: string; bytes: number; digest: string }>,
): ArtifactNode[] {
  const root: ArtifactNode & { kind: "folder" } = {
    kind: "folder",
    name: "",
    path: "",
    bytes: 0,
    files: 0,
    children: [],
  };
  for (const file of files) {
    const parts = file.path.split("/");
    const name = parts.pop() ?? file.path;
    let folder = root;
    for (const part of parts) {
      folder.bytes += file.bytes;
      folder.files += 1;
      const path = folder.path === "" ? part : `${folder.path}/${part}`;
      let next = folder.children.find(
        (child): child is typeof root => child.kind === "folder" && child.name === part,
      );
      if (next === undefined) {
        next = { kind: "folder", name: part, path, bytes: 0, files: 0, children: [] };
        folder.children.push(next);
      }
      folder = next;
    }
    folder.bytes += file.bytes;
    folder.files += 1;
    folder.children.push({ kind: "file", name, path: file.path, bytes: file.bytes, digest: file.digest });
  }
  return ordered(root.children);
}

const collator = new Intl.Collator("en", { numeric: true });

function ordered(nodes: readonly ArtifactNode[]): ArtifactNode[] {
  return [...nodes]
    .sort((a, b) => Number(a.kind === "file") - Number(b.kind === "file") || collator.compare(a.name, b.name))
    .map((node) => (node.kind === "file" ? node : { ...node, children: ordered(node.children) }));
}
