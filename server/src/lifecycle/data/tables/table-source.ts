import type { ColumnType } from "@causeway/contract";

/** A column as a reader of files hands it on. */
export interface SourceColumn {
  name: string;
  type: ColumnType;
  /** Fields in which something else than a value stood and that are read as missing. */
  blanks: number;
  firstBlank: number | undefined;
  /** Rows without a value, where the reader knows. */
  missing: number | undefined;
  markers: string[];
}

/** One part to write: a query that gives the typed rows in order, and how many they are. */
export interface SourcePart {
  select: string;
  rows: number;
  /** A file that only this part needs; removed once the part is written. */
  piece: string | undefined;
}

/** A table that is about to become a version, whatever files it came from. */
export interface TableSource {
  columns: SourceColumn[];
  parts: SourcePart[];
}
