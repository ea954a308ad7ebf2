/** A Parquet file of the prediction log; times have both ends included. */
export interface PredictionFile {
  readonly path: string;
  readonly rows: number;
  /** Times of the ids within. */
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Event times within; null where they were not kept. */
  readonly firstOccurredAt: Date | null;
  readonly lastOccurredAt: Date | null;
  /** Model inputs that stand in typed columns; null in files of before, which hold no key either. */
  readonly columns: readonly string[] | null;
}

/** Files that may hold rows of these event times: from is inside, until outside, null is open. */
export function filesWithin<File extends PredictionFile>(
  files: readonly File[],
  { from, until }: { from: Date | null; until: Date | null },
): File[] {
  return files.filter(
    ({ firstOccurredAt, lastOccurredAt }) =>
      (from === null || lastOccurredAt === null || lastOccurredAt >= from) &&
      (until === null || firstOccurredAt === null || firstOccurredAt < until),
  );
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
