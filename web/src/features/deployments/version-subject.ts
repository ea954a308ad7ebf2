/**
 * The REST path of the version that a deployment answers with. The trace starts there, because a deployment's own lineage
 * also leads to every version that it served before.
 */
export function versionSubject({ model, version }: { model: string; version: number }): string {
  return `/api/registry/models/${model}/versions/${version}`;
}
