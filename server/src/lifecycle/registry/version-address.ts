import type { ModelVersion } from "@causeway/contract";

/** Folder of the proxy for files of versions: it is read by the version's digest, and nobody writes there. */
export const VERSIONS_FOLDER = "model-versions";

type Addressed = Pick<ModelVersion, "digest" | "source" | "files">;

/**
 * Where clients of MLflow read exactly the files of a version, whatever became of the run since. Files that lie in a foreign
 * store were never copied: they are read where they are.
 */
export function downloadAddress({ digest, source, files }: Addressed): string {
  return files.length === 0 && source !== null ? source : `mlflow-artifacts:/${VERSIONS_FOLDER}/${digest}`;
}

/** The version that one without files was copied from: its files are those of that one. */
export function copiedFrom({ source, files }: Addressed): { model: string; version: number } | undefined {
  if (files.length > 0 || source === null) return undefined;
  const [, model, version] = /^models:\/([^/]+)\/([1-9]\d{0,8})$/.exec(source) ?? [];
  return model === undefined || version === undefined ? undefined : { model, version: Number(version) };
}

/** Where a version came from, in the words of clients of MLflow. */
export function sourceAddress(version: Addressed): string {
  return version.source ?? downloadAddress(version);
}
