/** A Parquet file of the prediction log; the times are those of the ids within, both ends included. */
export interface PredictionFile {
  readonly path: string;
  readonly rows: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/**
 * Chooses which files to read for the newest `wanted` rows of which none is younger than `before`. Exact: a file is left
 * out only when files that are read hold at least as many rows as wanted and all of them are younger than its youngest.
 */
export function chooseNewest(
  files: readonly PredictionFile[],
  { wanted, before }: { wanted: number; before: Date | null },
): PredictionFile[] {
  const old = before === null ? [...files] : files.filter(({ firstAt }) => firstAt <= before);
  old.sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime());
  let certain = 0;
  let oldest = Number.POSITIVE_INFINITY;
  for (const [index, file] of old.entries()) {
    if (certain >= wanted && file.lastAt.getTime() < oldest) return old.slice(0, index);
    // Of a file that reaches past `before` it is not known how many rows are old enough.
    const counts = certain < wanted && (before === null || file.lastAt < before);
    if (!counts) continue;
    certain += file.rows;
    oldest = Math.min(oldest, file.firstAt.getTime());
  }
  return old;
}
