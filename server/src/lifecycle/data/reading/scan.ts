import type { ColumnType } from "@causeway/contract";
import type { BadRowLog } from "./bad-row-log.ts";
import type { PieceWriter } from "./piece-writer.ts";

/** How one column of a text file is read. */
export interface ScannedColumn {
  name: string;
  type: ColumnType;
  /** Union of the kinds of its fields. */
  seen: number;
  /** Fields read as missing although something (spaces, a marker) or nothing stands there; 0 for text. */
  blanks: number;
  /** Rows without a value, blanks included; undefined where the scan did not look at every field. */
  missing: number | undefined;
  /** Line of the first blank. */
  firstBlank: number | undefined;
  /** The markers and blanks as written, at most a few, for the finding. */
  markers: string[];
}

/** What a scan of a whole file found; the good rows are in the pieces. */
export interface Scan {
  columns: ScannedColumn[];
  rows: number;
}

/** What every scan of a text file takes. */
export interface ScanOptions {
  path: string;
  /** As the user knows the file. */
  file: string;
  /** Types by column; the rest is inferred. */
  given: Record<string, ColumnType>;
  badRows: BadRowLog;
  pieces: PieceWriter;
  onProgress: (doneBytes: number, totalBytes: number) => void;
}
