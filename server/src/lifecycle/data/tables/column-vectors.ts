import { createRequire } from "node:module";
import type { ColumnType } from "@causeway/contract";
import type { DuckDBDataChunk } from "@duckdb/node-api";
import type DuckDB from "@duckdb/node-bindings";

let loaded: typeof DuckDB | undefined;

/** Loaded with the first vector: most programs that could look into data never do. */
function duckdb(): typeof DuckDB {
  // What a CommonJS package exports has no type of its own.
  loaded ??= createRequire(import.meta.url)("@duckdb/node-bindings") as typeof DuckDB;
  return loaded;
}

/** Bytes of one value in a DuckDB vector; a text is 16 bytes: its length and either itself or a pointer. */
const WIDTHS: Record<ColumnType, number> = {
  boolean: 1,
  integer: 8,
  double: 8,
  date: 4,
  timestamp: 8,
  string: 16,
};

/** One column of a chunk of rows as it lies in memory; valid only while the chunk is. */
export interface ColumnVector {
  rows: number;
  /** Fixed-width values, little-endian; what stands at a missing row has no meaning. */
  bytes: Uint8Array;
  width: number;
  /** One bit per row, set where a value is there; null when all are. */
  present: Uint8Array | null;
}

/** Looks at a column without copying it. */
export function columnVector(chunk: DuckDBDataChunk, index: number, type: ColumnType): ColumnVector {
  const vector = duckdb().data_chunk_get_vector(chunk.chunk, index);
  const rows = chunk.rowCount;
  const width = WIDTHS[type];
  return {
    rows,
    width,
    bytes: duckdb().vector_get_data(vector, rows * width),
    // Declared as never null, yet null where no row is missing.
    present: duckdb().vector_get_validity(vector, Math.ceil(rows / 64) * 8) as Uint8Array | null,
  };
}

/** True where the row has a value. */
export function isPresent(present: Uint8Array | null, row: number): boolean {
  return present === null || ((present[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}

/**
 * Writes the column's values as numbers, NaN where one is missing: days become and microseconds become milliseconds
 * since 1970, a boolean 0 or 1. Answers how many were written.
 */
export function writeNumbers(vector: ColumnVector, type: ColumnType, into: Float64Array): number {
  const { bytes, rows, present } = vector;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4) || 0);
  switch (type) {
    case "double":
      into.set(new Float64Array(bytes.buffer, bytes.byteOffset, rows));
      break;
    case "integer":
      for (let row = 0; row < rows; row++)
        into[row] = (words[row * 2 + 1] ?? 0) * 4_294_967_296 + ((words[row * 2] ?? 0) >>> 0);
      break;
    case "timestamp":
      for (let row = 0; row < rows; row++)
        into[row] = ((words[row * 2 + 1] ?? 0) * 4_294_967_296 + ((words[row * 2] ?? 0) >>> 0)) / 1000;
      break;
    case "date":
      for (let row = 0; row < rows; row++) into[row] = (words[row] ?? 0) * 86_400_000;
      break;
    case "boolean":
      for (let row = 0; row < rows; row++) into[row] = bytes[row] ?? 0;
      break;
    case "string":
      into.fill(Number.NaN, 0, rows);
      break;
    default:
      throw new TypeError(type satisfies never);
  }
  if (present !== null)
    for (let row = 0; row < rows; row++) if (!isPresent(present, row)) into[row] = Number.NaN;
  return rows;
}

/** Texts up to this length lie in the vector itself, the rest of their 12 bytes being 0. */
export const INLINE_BYTES = 12;
/** Two texts that lie closer than a page of memory have only readable memory between them. */
const PAGE_BYTES = 4096;

/** Reads the texts of one vector, row by row in order. */
export interface TextReader {
  /** Four for each row: the length, then the bytes of a short text, or the beginning and the address of a longer one. */
  readonly words: Uint32Array;
  readonly length: (row: number) => number;
  /** Where a longer text lies; within one vector the same address means the same text. */
  readonly address: (row: number) => number;
  /** Copies a text's UTF-8 to an offset of `into`, which must have room for it. */
  readonly copy: (row: number, into: Uint8Array, offset: number) => void;
}

/**
 * Makes the reader of a vector's texts. A longer text is a pointer, and each look at memory costs as much as copying a
 * thousand bytes: texts that follow one another in memory are looked at together, repeated ones once.
 */
export function textReader(vector: ColumnVector): TextReader {
  const { bytes, rows, present } = vector;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, rows * 4);
  const looked = new Map<number, Uint8Array>();
  let window: Uint8Array = new Uint8Array();
  let windowFrom = 0;
  const length = (row: number) => words[row * 4] as number; // inside the vector
  const address = (row: number) =>
    (words[row * 4 + 3] as number) * 4_294_967_296 + (words[row * 4 + 2] as number); // inside the vector

  /** Looks at the text of a row and at those of the next rows as far as they follow it. */
  function look(row: number, from: number): void {
    let end = from + length(row);
    for (let next = row + 1; next < rows; next++) {
      if (!isPresent(present, next) || length(next) <= INLINE_BYTES) continue;
      const start = address(next);
      if (start < end || start - end >= PAGE_BYTES) break;
      end = start + length(next);
    }
    window = duckdb().get_data_from_pointer(
      bytes.buffer as ArrayBuffer, // a vector's memory is never shared
      bytes.byteOffset + row * 16 + 8,
      end - from,
    );
    windowFrom = from;
    looked.set(from, window);
  }

  return {
    words,
    length,
    address,
    copy: (row, into, offset) => {
      const size = length(row);
      if (size <= INLINE_BYTES) {
        const from = row * 16 + 4;
        for (let at = 0; at < size; at++) into[offset + at] = bytes[from + at] as number; // inside the vector
        return;
      }
      const start = address(row);
      if (start < windowFrom || start + size > windowFrom + window.length) {
        const known = looked.get(start);
        if (known === undefined) look(row, start);
        else {
          window = known;
          windowFrom = start;
        }
      }
      const from = start - windowFrom;
      if (size > 48) into.set(window.subarray(from, from + size), offset);
      else for (let at = 0; at < size; at++) into[offset + at] = window[from + at] as number; // inside the window
    },
  };
}
