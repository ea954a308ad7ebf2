import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import type { BadRow } from "@causeway/contract";

/** Bad rows that an error repeats; the rest are counted. */
export const SHOWN_BAD_ROWS = 20;

/** Counts bad rows, keeps the first, and writes all of them as JSON lines where they are to be kept. */
export interface BadRowLog {
  readonly add: (row: BadRow, text: string) => void;
  readonly total: () => number;
  readonly first: () => BadRow[];
  /** Closes the file; answers its path, or undefined when no row was bad or none is kept. */
  readonly close: () => string | undefined;
}

/** Opens a log that keeps its rows in a file, or, without one, only counts. */
export function openBadRowLog(path: string | undefined): BadRowLog {
  let total = 0;
  const first: BadRow[] = [];
  const file = path === undefined ? undefined : openSync(path, "w");
  return {
    add: (row, text) => {
      total++;
      if (first.length < SHOWN_BAD_ROWS) first.push(row);
      if (file !== undefined) writeSync(file, `${JSON.stringify({ ...row, text })}\n`);
    },
    total: () => total,
    first: () => first,
    close: () => {
      if (file === undefined || path === undefined) return undefined;
      closeSync(file);
      if (total > 0) return path;
      rmSync(path);
      return undefined;
    },
  };
}
