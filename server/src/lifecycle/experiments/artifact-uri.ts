/** An experiment as its addresses of files need it; `location` is null for the server's own store. */
export type ArtifactRoot = { readonly number: number; readonly location: string | null };

/** Where the files of an experiment lie, for its clients. */
export function experimentArtifactUri({ number, location }: ArtifactRoot): string {
  return location ?? `mlflow-artifacts:/${number}`;
}

/** Where the files of a run lie. */
export function runArtifactUri(root: ArtifactRoot, run: string): string {
  return within(experimentArtifactUri(root), `${run}/artifacts`);
}

/** Where the files of a logged model lie. */
export function modelArtifactUri(root: ArtifactRoot, model: string): string {
  return within(experimentArtifactUri(root), `models/${model}/artifacts`);
}

/** Where the files of a trace lie. */
export function traceArtifactUri(root: ArtifactRoot, trace: string): string {
  return within(experimentArtifactUri(root), `traces/${trace}/artifacts`);
}

/** Adds to the path of an address; a query stays at the end. */
function within(uri: string, path: string): string {
  const [, base = uri, query = ""] = /^([^?]*)(\?.*)?$/.exec(uri) ?? [];
  return `${base.replace(/\/+$/, "")}/${path}${query}`;
}
