/** Rows of a window that one version answered. */
export type VersionRows = { readonly version: number; readonly rows: number };

/**
 * The version that a window is judged by: the newest one that answered enough rows, so that a switch is seen in the window in
 * which it happened; else the one that answered most. Only its rows are compared, and with its own reference.
 */
export function chooseVersion(answered: readonly VersionRows[], leastRows: number): VersionRows | null {
  const newestFirst = answered.toSorted((a, b) => b.version - a.version);
  const enough = newestFirst.find(({ rows }) => rows >= leastRows);
  if (enough !== undefined) return enough;
  return newestFirst.toSorted((a, b) => b.rows - a.rows)[0] ?? null;
}
