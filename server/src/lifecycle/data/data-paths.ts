/** REST path of a dataset version: the subject of its events, its owner in the store, its place in the lineage. */
export function versionPath(dataset: string, version: string): string {
  return `/api/data/datasets/${dataset}/versions/${version}`;
}

/** REST path of an import. */
export function importPath(id: string): string {
  return `/api/data/imports/${id}`;
}

/** REST path of a split. */
export function splitPath(id: string): string {
  return `/api/data/splits/${id}`;
}

/** REST path of an uploaded file, which the lineage of an import ends in. */
export function uploadPath(digest: string): string {
  return `/api/data/uploads/${digest}`;
}
