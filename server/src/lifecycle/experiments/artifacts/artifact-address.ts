import type { TreeOwner } from "../tracking.ts";

/** What an address means: whose files, and the path among them. */
export type ArtifactPlace = { readonly owner: TreeOwner; readonly path: string };

const RUN = /^[0-9a-f]{32}$/;
const MODEL = /^m-[0-9a-f]{32}$/;
const TRACE = /^tr-[0-9a-f]{32}$/;

/**
 * What a path of the proxy means. `…/<run>/artifacts/…`, `…/models/<m-…>/artifacts/…` and `…/traces/<tr-…>/artifacts/…` are files
 * of a run, a logged model, a trace, whatever the root of their experiment is; the first of them counts. Everything else is a
 * file of the project.
 */
export function placeOfProxyPath(path: string): ArtifactPlace {
  const segments = path.split("/");
  for (const [index, segment] of segments.entries()) {
    if (segments[index + 1] !== "artifacts") continue;
    const owner = ownerOf(segment, segments[index - 1]);
    if (owner !== undefined) return { owner, path: segments.slice(index + 2).join("/") };
  }
  return { owner: { kind: "project" }, path };
}

function ownerOf(id: string, folder: string | undefined): TreeOwner | undefined {
  if (RUN.test(id)) return { kind: "run", id };
  if (folder === "models" && MODEL.test(id)) return { kind: "model", id };
  if (folder === "traces" && TRACE.test(id)) return { kind: "trace", id };
  return undefined;
}

/** What an address of a client means; undefined for foreign stores and for what is resolved elsewhere (`models:/churn/3`). */
export function placeOfUri(uri: string): ArtifactPlace | undefined {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(uri) ?? [];
  if (/[?#;]/.test(rest)) return undefined;
  switch (scheme?.toLowerCase()) {
    case "mlflow-artifacts":
      // An address may name the server that it came from: //host:port/path.
      return placeOfProxyPath(trimmed(rest.replace(/^\/\/[^/]+/, "")));
    case "runs": {
      const [id = "", ...path] = trimmed(rest).split("/");
      return RUN.test(id) ? { owner: { kind: "run", id }, path: path.join("/") } : undefined;
    }
    case "models": {
      const [id = "", ...path] = trimmed(rest).split("/");
      return MODEL.test(id) ? { owner: { kind: "model", id }, path: path.join("/") } : undefined;
    }
    default:
      return undefined;
  }
}

const trimmed = (path: string): string => path.replace(/^\/+/, "").replace(/\/+$/, "");

/** The owner as it stands in the rows of files. */
export function ownerKey(owner: TreeOwner, project: string): string {
  return owner.kind === "project" ? `project:${project}` : owner.id;
}

const SUBJECTS = {
  run: (id: string) => `/api/experiments/runs/${id}/artifacts`,
  model: (id: string) => `/api/experiments/models/${id}/artifacts`,
  trace: (id: string) => `/api/experiments/traces/${id}/artifacts`,
};

/** REST path that needs one file, so that a file that is replaced can be let go alone. */
export function fileSubject(owner: TreeOwner, path: string): string {
  return owner.kind === "project"
    ? `/api/experiments/artifacts/${path}`
    : `${SUBJECTS[owner.kind](owner.id)}/${path}`;
}
