import { createHash, type Hash } from "node:crypto";
import type { Column, ColumnType } from "@causeway/contract";
import canonicalize from "canonicalize";
import type { PartColumn } from "../../../platform/database/rows/data.ts";
import { addNumbers, createMoments, type Moments } from "../profile/moments.ts";
import { type ColumnVector, columnVector, isPresent, textReader, writeNumbers } from "./column-vectors.ts";
import { type Duck, identifier, parquet } from "./duck.ts";

/** DuckDB hands out rows in chunks of this many at most. */
export const CHUNK_ROWS = 2_048;

const ALL_PRESENT = new Uint8Array(CHUNK_ROWS).fill(1);

interface ColumnDigest {
  type: ColumnType;
  presence: Hash;
  values: Hash;
  count: number;
  missing: number;
  moments: Moments;
}

/** What a part holds, by its values. */
export interface DigestedPart {
  digest: string;
  rows: number;
  columns: PartColumn[];
}

/**
 * Digests the values of a part in row order; how Parquet wrote them does not matter. The digest is the sha256 of the
 * canonical JSON (RFC 8785) of `{"rows": n, "columns": [{"name", "type", "presence", "values"}]}`, where `presence` is
 * the sha256 of one byte per row, 1 where a value is there and 0 where it is missing, and `values` is the sha256 of the
 * values that are there, one after the other: boolean 1 byte; integer 8 bytes, two's complement; double 8 bytes,
 * IEEE 754, every NaN as 7ff8000000000000; date 4 bytes, days since 1970-01-01; timestamp 8 bytes, microseconds since
 * 1970-01-01T00:00Z; string its length in bytes as 4 bytes and its UTF-8. All numbers are little-endian.
 */
export async function digestPart(
  duck: Duck,
  path: string,
  schema: readonly Pick<Column, "name" | "type">[],
): Promise<DigestedPart> {
  const columns = schema.map(({ type }) => createColumnDigest(type));
  const numbers = new Float64Array(CHUNK_ROWS);
  const scratch = { bytes: Buffer.allocUnsafe(64 * 1024), presence: new Uint8Array(CHUNK_ROWS) };
  const names = schema.map(({ name }) => identifier(name)).join(", ");
  const result = await duck.stream(`select ${names} from ${parquet([path])}`);
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    rows += chunk.rowCount;
    for (const [index, column] of columns.entries()) {
      const vector = columnVector(chunk, index, column.type);
      addVector(column, vector, scratch);
      if (column.type === "string" || column.type === "boolean") continue;
      addNumbers(column.moments, numbers, writeNumbers(vector, column.type, numbers));
    }
  }
  const digested = columns.map(({ type, presence, values }, index) => ({
    name: schema[index]?.name,
    type,
    presence: presence.digest("hex"),
    values: values.digest("hex"),
  }));
  return {
    digest: createHash("sha256")
      .update(canonicalize({ rows, columns: digested }) ?? "")
      .digest("hex"),
    rows,
    columns: columns.map(({ count, missing, moments }, index) => ({
      name: schema[index]?.name ?? "",
      count,
      missing,
      ...moments,
      mean: moments.finite === 0 ? null : moments.mean,
      m2: moments.finite === 0 ? null : moments.m2,
      min: moments.finite === 0 ? null : moments.min,
      max: moments.finite === 0 ? null : moments.max,
    })),
  };
}

function createColumnDigest(type: ColumnType): ColumnDigest {
  return {
    type,
    presence: createHash("sha256"),
    values: createHash("sha256"),
    count: 0,
    missing: 0,
    moments: createMoments(),
  };
}

interface Scratch {
  bytes: Buffer;
  presence: Uint8Array;
}

function addVector(column: ColumnDigest, vector: ColumnVector, scratch: Scratch): void {
  const { rows, present } = vector;
  let there = rows;
  if (present === null) {
    column.presence.update(rows === CHUNK_ROWS ? ALL_PRESENT : ALL_PRESENT.subarray(0, rows));
  } else {
    there = 0;
    for (let row = 0; row < rows; row++) {
      const has = isPresent(present, row) ? 1 : 0;
      scratch.presence[row] = has;
      there += has;
    }
    column.presence.update(scratch.presence.subarray(0, rows));
  }
  column.count += there;
  column.missing += rows - there;
  if (there === 0) return;
  if (column.type === "string") column.values.update(packTexts(vector, scratch));
  else {
    if (column.type === "double") canonicalNaN(vector);
    column.values.update(there === rows ? vector.bytes : packFixed(vector, scratch));
  }
}

/** Writes every NaN as the one quiet NaN, in place: two NaNs are the same value to whoever reads them. */
function canonicalNaN({ bytes, rows }: ColumnVector): void {
  const values = new Float64Array(bytes.buffer, bytes.byteOffset, rows);
  for (let row = 0; row < rows; row++) if (Number.isNaN(values[row])) values[row] = Number.NaN;
}

function packFixed({ bytes, rows, width, present }: ColumnVector, scratch: Scratch): Uint8Array {
  let used = 0;
  for (let row = 0; row < rows; row++) {
    if (!isPresent(present, row)) continue;
    for (let at = row * width; at < (row + 1) * width; at++) scratch.bytes[used++] = bytes[at] as number; // inside the vector
  }
  return scratch.bytes.subarray(0, used);
}

function packTexts(vector: ColumnVector, scratch: Scratch): Uint8Array {
  const texts = textReader(vector);
  let needed = 0;
  for (let row = 0; row < vector.rows; row++)
    if (isPresent(vector.present, row)) needed += 4 + texts.length(row);
  if (needed > scratch.bytes.length) scratch.bytes = Buffer.allocUnsafe(needed * 2);
  const into = scratch.bytes;
  let used = 0;
  for (let row = 0; row < vector.rows; row++) {
    if (!isPresent(vector.present, row)) continue;
    const length = texts.length(row);
    into[used] = length & 255;
    into[used + 1] = (length >>> 8) & 255;
    into[used + 2] = (length >>> 16) & 255;
    into[used + 3] = length >>> 24;
    texts.copy(row, into, used + 4);
    used += 4 + length;
  }
  return into.subarray(0, used);
}
